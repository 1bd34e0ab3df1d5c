package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.service.ServiceName;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ReadinessTest {
    @Test
    void waitsForReadinessAndForAGatewaysCatalog() throws Exception {
        List<Answer> answers = List.of(Answer.json(503, "{}"), Answer.json(200, "{}"));
        var next = new AtomicInteger();
        var looks = new AtomicInteger();
        var handle =
                new RunningService.Handle() {
                    @Override
                    public void close() {}

                    @Override
                    public boolean blind() {
                        return looks.incrementAndGet() < 3;
                    }
                };
        try (var gateway = new FakeHttp(_ -> answers.get(Math.min(next.getAndIncrement(), 1)))) {
            Readiness.await(
                    new RunningService(ServiceName.gateway, gateway.address(), handle),
                    HttpClient.newBuilder());
            assertThat(gateway.requests())
                    .hasSize(3)
                    .allMatch(request -> request.line().equals("GET /actuator/health/readiness"));
        }
    }
}
