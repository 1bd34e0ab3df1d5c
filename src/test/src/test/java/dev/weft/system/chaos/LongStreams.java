package dev.weft.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Clients that ask a gateway for streams of 400 tokens. */
final class LongStreams {
    private static final String DONE = "data: [DONE]\n\n";
    private static final int PATIENCE_SECONDS = 180;

    /**
     * A setting of the gateway: its longest wait for a worker that says nothing is longer than the
     * clients', so that they see whether it gives the worker up before.
     */
    static final String NO_OTHER_DEADLINE = "weft.gateway.request-timeout=15m";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI gateway;
    private final @Nullable String key;
    private final AtomicInteger begun = new AtomicInteger();

    /**
     * @param key of the clients; null for none
     */
    LongStreams(URI gateway, @Nullable String key) {
        this.gateway = gateway;
        this.key = key;
    }

    /** Begins that many at once. */
    List<CompletableFuture<HttpResponse<String>>> ask(int count) {
        return IntStream.range(0, count).mapToObj(_ -> ask()).toList();
    }

    private CompletableFuture<HttpResponse<String>> ask() {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"weft-tiny\",\"prompt\":\"a\",\"stream\":true,"
                                                + "\"max_tokens\":400,\"ignore_eos\":true}"));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.sendAsync(
                request.build(),
                head -> {
                    begun.incrementAndGet();
                    return HttpResponse.BodyHandlers.ofString().apply(head);
                });
    }

    /** Waits until so many streams have begun, and are far from their end. */
    void awaitBegun(int count) throws Exception {
        Http.await(() -> begun + " of " + count + " have begun", () -> begun.get() >= count);
    }

    /** Each has its whole answer, or the beginning of one and an error event. */
    static void assertWholeOrTold(List<CompletableFuture<HttpResponse<String>>> streams)
            throws Exception {
        for (CompletableFuture<HttpResponse<String>> stream : streams) {
            String told = stream.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body();
            if (!told.endsWith(DONE)) {
                assertThat(told).contains("event: error", "worker_failed");
            }
        }
    }

    /** Each has its whole answer. */
    static void assertWhole(List<CompletableFuture<HttpResponse<String>>> streams)
            throws Exception {
        for (CompletableFuture<HttpResponse<String>> stream : streams) {
            HttpResponse<String> answer = stream.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).endsWith(DONE);
        }
    }
}
