package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.server.TestWorker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverShareTest {
    @TempDir private Path data;

    @Test
    void aTenantThatHasItsShareIsToldToComeAgain() throws Exception {
        try (TestWorker worker =
                TestWorker.start(
                        data,
                        _ -> {
                            throw new EngineException(
                                    EngineException.Cause.OVER_SHARE, "most are yours");
                        })) {
            WorkerClient client = new WorkerClient(worker);
            String body = "{\"model\":\"test-base\",\"prompt\":\"hello\"}";
            HttpResponse<String> answer = client.send(client.post("/v1/completions", body));
            client.stop();
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).contains("2");
            assertThat(WorkerClient.tree(answer.body()).at("/error/code").asString())
                    .isEqualTo("rate_limit_exceeded");
            assertThat(answer.body()).contains("most are yours");
        }
    }
}
