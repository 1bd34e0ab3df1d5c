package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.database.PostgresDatabases;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests a PostgreSQL that takes requests and answers none, for longer than a statement may take.
 */
@Timeout(400)
class PostgresAwayTest {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAwayTest.class);

    @TempDir private Path folder;

    @Test
    void whatIsUnderWayGoesOnWhenItIsBack() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch fetched = new CountDownLatch(1);
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess hub =
                (ref, wanted, target, progress) -> {
                    if (ref.source() != RepositorySource.HF) {
                        return files.fetch(ref, wanted, target, progress);
                    }
                    fetching.countDown();
                    awaitOrFail(fetched);
                    bring(repo, target);
                    return files.fetch(
                            new RepositoryRef(RepositorySource.FILE, repo.toString(), null),
                            wanted,
                            target,
                            progress);
                };
        Path data = folder.resolve("postgres");
        try (EmbeddedPostgres postgres =
                        PostgresDatabases.builder()
                                .setDataDirectory(data)
                                .setCleanDataDirectory(false)
                                .start();
                RunningCatalog catalog =
                        RunningCatalog.startOn(
                                folder,
                                "r2dbc:postgresql://postgres:postgres@localhost:"
                                        + postgres.getPort()
                                        + "/postgres",
                                hub)) {
            long id = catalog.register("sql", "HF", "owner/name").path("id").asLong();
            assertThat(fetching.await(90, TimeUnit.SECONDS)).isTrue();

            signal("-STOP", data);
            try {
                fetched.countDown();
                // a statement of each was given up, so one of the ingest was too
                awaitFailure(catalog, "claims");
                awaitFailure(catalog, "feed");
                HttpResponse<String> ready = catalog.get("/actuator/health/readiness");
                assertThat(ready.statusCode()).isEqualTo(503);
            } finally {
                signal("-CONT", data);
            }
            long back = System.nanoTime();
            assertThat(catalog.settled(id).path("state").asString()).isEqualTo("Ready");
            LOG.info(
                    "ready {} ms after the database was back",
                    Duration.ofNanos(System.nanoTime() - back).toMillis());
        }
    }

    private static void awaitFailure(RunningCatalog catalog, String loop) throws Exception {
        String line = "weft_loop_failures_total{loop=\"" + loop + "\"} ";
        while (catalog.get("/actuator/prometheus")
                .body()
                .lines()
                .noneMatch(l -> l.startsWith(line) && !l.equals(line + "0.0"))) {
            Thread.onSpinWait();
        }
    }

    /** Copies a folder as a download does. */
    private static void bring(Path repo, Path target) {
        try (Stream<Path> all = Files.list(repo)) {
            Files.createDirectories(target);
            for (Path file : all.toList()) {
                Files.copy(
                        file,
                        target.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(180, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Signals the server and all of its backends; the backends that exist when it is stopped stay.
     */
    private static void signal(String signal, Path data) throws Exception {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
        kill(signal, List.of(String.valueOf(pid)));
        kill(
                signal,
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(process -> String.valueOf(process.pid()))
                        .toList());
    }

    /**
     * Signals processes. A backend may have ended by itself: one whose client has gone does so when
     * it continues.
     */
    private static void kill(String signal, List<String> pids) throws Exception {
        for (String pid : pids) {
            Process kill = new ProcessBuilder("kill", signal, pid).inheritIO().start();
            boolean done = kill.waitFor() == 0;
            assertThat(done || ProcessHandle.of(Long.parseLong(pid)).isEmpty()).isTrue();
        }
    }
}
