package dev.weft.system.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway learns of its workers from the catalog, in processes as in a fleet. */
@Alone
@Timeout(600)
class RegisteredWorkersTest {
    private static final Path FILE = Sample.deploymentFile();

    /** So that a request under way has its time on a machine that others fill, too. */
    private static final String DRAIN = "weft.inference.drain-timeout=30s";

    /** A file that all services share says where the others find the catalog. */
    private static final String ELSEWHERE = "weft.catalog.url=http://127.0.0.1:1";

    @TempDir private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void noRequestIsLostWhileWorkersRegisterAndEnd() throws Exception {
        try (Launched catalog =
                Launched.run("catalog", FILE, folder.resolve("catalog"), Map.of(), ELSEWHERE)) {
            String known = "weft.catalog.url=" + catalog.awaitReady();
            try (Launched one = worker("one", known);
                    Launched gateway =
                            Launched.run(
                                    "gateway",
                                    FILE,
                                    folder.resolve("gateway"),
                                    Map.of(),
                                    known,
                                    "weft.gateway.discovery.catalog=true",
                                    "weft.gateway.discovery.networks=127.0.0.0/8")) {
                URI address = gateway.awaitReady();
                one.awaitReady();
                comeAndGo(known, one, address);
                assertThat(wrong).as(gateway.log()).isEmpty();
            }
        }
    }

    private void comeAndGo(String known, Launched one, URI gateway) throws Exception {
        try (Launched two = worker("two", known);
                Load load = new Load(gateway)) {
            two.awaitReady();
            Http.await("the second is found", () -> Http.workers(gateway, "ready") == 2);
            assertThat(one.end()).isTrue();
            Http.await(
                    "the first is forgotten",
                    () ->
                            Http.workers(gateway, "ready") == 1
                                    && Http.workers(gateway, "unready") == 0
                                    && Http.workers(gateway, "draining") == 0);
            int least = Math.max(50, load.right.get() + 10);
            Http.await("requests go on", () -> load.right.get() > least);
        }
    }

    private Launched worker(String name, String known) throws IOException {
        return Launched.run("worker", FILE, folder.resolve(name), Map.of(), known, DRAIN);
    }

    /** Clients that ask one request after the other, and leave before the last worker does. */
    private final class Load implements AutoCloseable {
        private final AtomicInteger right = new AtomicInteger();
        private final AtomicBoolean ends = new AtomicBoolean();
        private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

        Load(URI gateway) {
            for (int i = 0; i < 4; i++) {
                clients.execute(() -> {
                    while (!ends.get()) {
                        if (ask(gateway)) {
                            right.incrementAndGet();
                        }
                    }
                });
            }
        }

        @Override
        public void close() {
            ends.set(true);
            clients.close();
        }
    }

    private boolean ask(URI gateway) {
        try {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(gateway.resolve("/v1/completions"))
                                    .header("Content-Type", "application/json")
                                    .timeout(Duration.ofMinutes(2))
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "{\"model\":\"weft-tiny\",\"prompt\":\"a\","
                                                            + "\"stream\":true,"
                                                            + "\"max_tokens\":20}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200 && answer.body().endsWith("data: [DONE]\n\n")) {
                return true;
            }
            wrong.add(answer.statusCode() + " " + answer.body());
        } catch (IOException | InterruptedException e) {
            wrong.add(e.toString());
        }
        return false;
    }
}
