package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReadinessTest {
    @Test
    void waitsForReadinessAndForAGatewaysCatalog() throws Exception {
        List<Answer> answers =
                List.of(
                        Answer.json(503, "{\"catalogConnected\":false}"),
                        Answer.json(200, "{\"catalogConnected\":false}"),
                        Answer.json(200, "{\"catalogConnected\":true}"));
        var next = new AtomicInteger();
        try (var gateway = new FakeHttp(_ -> answers.get(Math.min(next.getAndIncrement(), 2)))) {
            Readiness.await(RunningService.elsewhere(ServiceName.gateway, gateway.address()));
            assertThat(gateway.requests())
                    .hasSize(3)
                    .allMatch(request -> request.line().equals("GET /actuator/health/readiness"));
        }
    }
}
