package dev.weft.inference.server.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.sse.EventConnection;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.protocol.worker.WorkerStateCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class StatesTest {
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path data;

    @AfterEach
    void stop() {
        http.shutdownNow();
    }

    private TestWorker start() throws IOException {
        return TestWorker.start(
                data,
                _ -> TestWorker.bytes("abc"),
                URI.create("http://127.0.0.1:1"),
                TestArtifacts.READER,
                SILENCE);
    }

    private EventConnection follow(TestWorker worker) throws Exception {
        URI events = worker.service.address().resolve(WorkerStateCodec.PATH);
        return EventConnection.open(http, events, Map.of(), SILENCE);
    }

    private static WorkerState await(EventConnection connection, Predicate<WorkerState> wanted)
            throws Exception {
        List<WorkerState> seen = new ArrayList<>();
        while (seen.stream().noneMatch(wanted)) {
            connection.next((_, bytes, length) -> seen.add(WorkerStateCodec.decode(bytes, length)));
        }
        return seen.stream().filter(wanted).findFirst().orElseThrow();
    }

    @Test
    void tellsRequestsAsTheyComeAndGo() throws Exception {
        try (TestWorker worker = start();
                EventConnection connection = follow(worker)) {
            WorkerState idle = await(connection, _ -> true);
            assertThat(idle.draining()).isFalse();
            assertThat(idle.slots()).isEqualTo(worker.engine.description().slots());
            assertThat(idle.load().rows()).isEqualTo(worker.engine.description().maxRows());
            assertThat(idle.load().requests()).isZero();
            assertThat(idle.paths())
                    .contains("/v1/chat/completions", "/v1/messages/count_tokens")
                    .doesNotContain("/v1/models");
            assertThat(idle.paths().contains("/v1/embeddings"))
                    .isEqualTo(worker.engine.description().pools());
            CompletableFuture<HttpResponse<String>> answer = ask(worker);
            await(connection, state -> state.load().running() == 1);
            worker.engine.stepOnce();
            var one = new WorkerLoad.Holders(1, Map.of("default", 1));
            await(connection, state -> state.load().holders().equals(one));
            worker.engine.release();
            answer.get(60, TimeUnit.SECONDS);
            var none = new WorkerLoad.Holders(0, Map.of());
            await(connection, state -> state.load().holders().equals(none));
        }
    }

    @Test
    void saysSomethingEachSecondThoughNothingChanges() throws Exception {
        try (TestWorker worker = start();
                EventConnection connection = follow(worker)) {
            WorkerState first = await(connection, _ -> true);
            for (int i = 0; i < 2; i++) {
                assertThat(await(connection, _ -> true)).isEqualTo(first);
            }
        }
    }

    /** Long before the worker's port closes: it still has a request. */
    @Test
    void theLastStateSaysThatTheWorkerDrains() throws Exception {
        TestWorker worker = start();
        try (EventConnection connection = follow(worker)) {
            await(connection, _ -> true);
            CompletableFuture<HttpResponse<String>> answer = ask(worker);
            await(connection, state -> state.load().running() == 1);
            Thread closing = Thread.ofVirtual().start(worker::close);
            assertThat(await(connection, WorkerState::draining).load().running()).isEqualTo(1);
            assertThat(answer).isNotDone();
            worker.engine.release();
            assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(closing.join(SILENCE)).isTrue();
        }
    }

    /** A request that holds a row of an engine that makes no step. */
    private CompletableFuture<HttpResponse<String>> ask(TestWorker worker) {
        worker.engine.hold();
        return http.sendAsync(
                HttpRequest.newBuilder(worker.service.address().resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\""
                                                + TestWorker.BASE
                                                + "\",\"prompt\":\"a\",\"max_tokens\":3}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
