package dev.weft.system.chaos;

import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops one of two workers, like a process that swaps or waits for a broken disk. */
@Alone
@Timeout(600)
class StoppedWorkerTest {
    private static final Logger LOG = LoggerFactory.getLogger(StoppedWorkerTest.class);
    private static final Path FILE = Sample.deploymentFile();
    private static final int CLIENTS = 12;

    @TempDir private Path folder;

    @Test
    void itsClientsAreAnsweredByTheOtherOrToldWithinSecondsAndItIsTakenBackLater()
            throws Exception {
        try (Launched catalog =
                Launched.run("catalog", FILE, folder.resolve("catalog"), Map.of())) {
            String known = "weft.catalog.url=" + catalog.awaitReady();
            try (Launched one =
                            Launched.run("worker", FILE, folder.resolve("one"), Map.of(), known);
                    Launched two =
                            Launched.run("worker", FILE, folder.resolve("two"), Map.of(), known)) {
                String workers =
                        "weft.gateway.workers=" + one.awaitReady() + "," + two.awaitReady();
                try (Launched gateway =
                        Launched.run(
                                "gateway",
                                FILE,
                                folder.resolve("gateway"),
                                Map.of(),
                                known,
                                workers,
                                LongStreams.NO_OTHER_DEADLINE)) {
                    stopOne(gateway.awaitReady(), one);
                }
            }
        }
    }

    private void stopOne(URI gateway, Launched worker) throws Exception {
        Http.await("both are ready", () -> Http.workers(gateway, "ready") == 2);
        LongStreams clients = new LongStreams(gateway, null);
        List<CompletableFuture<HttpResponse<String>>> streams = clients.ask(CLIENTS);
        clients.awaitBegun(CLIENTS);
        worker.signal("-STOP");
        long stopped = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> late = clients.ask(CLIENTS);
        LongStreams.assertWholeOrTold(streams);
        LongStreams.assertWhole(late); // no byte of these was sent
        LOG.info(
                "all were answered or told {} ms after the worker was stopped",
                Duration.ofNanos(System.nanoTime() - stopped).toMillis());
        Http.await("it gets no requests", () -> Http.workers(gateway, "ready") == 1);
        worker.signal("-CONT");
        Http.await("it is taken back", () -> Http.workers(gateway, "ready") == 2);
    }
}
