package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose engine has a request and makes no step. */
@Timeout(400)
class StallTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path data;

    @AfterEach
    void stop() {
        http.shutdownNow();
    }

    @Test
    void isNotReadyUntilItStepsAgain() throws Exception {
        try (TestWorker worker =
                TestWorker.startImpatient(
                        data, _ -> TestWorker.bytes("abcdef"), Duration.ofSeconds(1))) {
            URI address = worker.service.address();
            assertThat(get(address, "/actuator/health/readiness").statusCode()).isEqualTo(200);
            worker.engine.hold();
            CompletableFuture<HttpResponse<String>> answer =
                    http.sendAsync(
                            HttpRequest.newBuilder(address.resolve("/v1/completions"))
                                    .header("Content-Type", "application/json")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "{\"model\":\"test-base\",\"prompt\":\"hi\","
                                                            + "\"max_tokens\":3}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            await(() -> get(address, "/actuator/health/readiness").statusCode() == 503);
            HttpResponse<String> stalled = get(address, "/actuator/health/readiness");
            assertThat(stalled.statusCode()).isEqualTo(503);
            // by this a gateway tells it from a worker that is about to end
            assertThat(stalled.body()).contains("\"status\":\"DOWN\"");
            assertThat(get(address, "/actuator/health/liveness").statusCode()).isEqualTo(200);
            await(() -> get(address, "/metrics").body().contains("weft_engine_stalls_total 1.0"));

            worker.engine.release();
            assertThat(answer.get(60, TimeUnit.SECONDS).body()).contains("\"text\":\"abc\"");
            await(() -> get(address, "/actuator/health/readiness").statusCode() == 200);
        }
    }

    private HttpResponse<String> get(URI worker, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(worker.resolve(path)).timeout(Duration.ofMinutes(1)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) { // the test's own timeout ends it
            Thread.onSpinWait();
        }
    }
}
