package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.residency.artifact.TestArtifacts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker does when it is told to end. */
@Timeout(240)
class DrainTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path data;

    @AfterEach
    void stop() {
        http.shutdownNow();
    }

    @Test
    void runningRequestsFinishWhileReadinessRefuses() throws Exception {
        TestWorker worker = start(LIMIT);
        URI address = worker.service.address();
        assertThat(status(address, "readiness")).isEqualTo(200);
        CompletableFuture<HttpResponse<String>> running = ask(worker);

        Thread closing = Thread.ofVirtual().start(worker::close);
        eventually(() -> status(address, "readiness") == 503);
        assertThat(status(address, "liveness")).isEqualTo(200);
        CompletableFuture<HttpResponse<String>> late = send(address);
        eventually(() -> worker.engine.rows() == 2);
        assertThat(closing.isAlive()).isTrue();

        worker.engine.release();
        for (CompletableFuture<HttpResponse<String>> answer : List.of(running, late)) {
            assertThat(answer.get(60, TimeUnit.SECONDS).body())
                    .contains("\"text\":\"abc\"", "\"finish_reason\":\"length\"");
        }
        assertThat(closing.join(LIMIT)).isTrue();
    }

    @Test
    void whatHasNotFinishedByTheDeadlineEndsWithAnError() throws Exception {
        TestWorker worker = start(Duration.ofMillis(50));
        CompletableFuture<HttpResponse<String>> running = ask(worker);
        worker.close();
        HttpResponse<String> answer = running.get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("the engine is closed");
    }

    private TestWorker start(Duration drain) throws IOException {
        return TestWorker.start(
                data,
                _ -> TestWorker.bytes("abcdef"),
                URI.create("http://127.0.0.1:1"),
                TestArtifacts.READER,
                drain);
    }

    /** A request that holds a row of an engine that makes no step. */
    private CompletableFuture<HttpResponse<String>> ask(TestWorker worker) {
        worker.engine.hold();
        CompletableFuture<HttpResponse<String>> answer = send(worker.service.address());
        eventually(() -> worker.engine.rows() == 1);
        return answer;
    }

    private CompletableFuture<HttpResponse<String>> send(URI worker) {
        String body = "{\"model\":\"test-base\",\"prompt\":\"hi\",\"max_tokens\":3}";
        return http.sendAsync(
                HttpRequest.newBuilder(worker.resolve("/v1/completions"))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int status(URI worker, String probe) {
        try {
            return http.send(
                            HttpRequest.newBuilder(worker.resolve("/actuator/health/" + probe))
                                    .timeout(LIMIT)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for a condition").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
