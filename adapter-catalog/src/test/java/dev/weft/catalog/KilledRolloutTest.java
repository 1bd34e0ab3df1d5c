package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.rollout.MeasuredVersion;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills a real process at random moments while an alias is rolled out. */
class KilledRolloutTest {
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ROLLOUT =
            """
            {"alias": "prod", "from": {"adapter": "sql", "version": 1},
             "to": {"adapter": "sql", "version": 2},
             "steps": [{"weight": 5, "time": "1s"}, {"weight": 25, "time": "1s"},
                       {"weight": 50, "time": "1s"}],
             "bounds": {"errorRate": 0.01}, "minRequests": 20}\
            """;

    @TempDir private Path folder;

    private long reports;

    @Test
    void theNextCatalogGoesOnWhereTheLastOneWas() throws Exception {
        Path repo = Files.createDirectories(folder.resolve("adapters")).resolve("sql");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int step = 1;
        for (int run = 0; run <= KILLS; run++) {
            CatalogProcess process = CatalogProcess.start(folder, null);
            try (RunningCatalog catalog = RunningCatalog.at(process.address())) {
                if (run == 0) {
                    for (int version = 1; version <= 2; version++) {
                        TestAdapter.write(repo, 4, version);
                        catalog.ingest("sql", repo);
                    }
                    assertThat(send(catalog, "/admin/v1/rollouts", bytes(ROLLOUT)).statusCode())
                            .isEqualTo(201);
                }
                int now = rollout(catalog).path("step").asInt();
                assertThat(now).as("seed %s", seed).isGreaterThanOrEqualTo(step);
                step = now;
                if (run == KILLS) {
                    awaitDone(catalog);
                    checkAudit(catalog);
                } else {
                    report(catalog);
                    LockSupport.parkNanos(
                            TimeUnit.MILLISECONDS.toNanos(2_000 + random.nextInt(1_500)));
                }
            } finally {
                process.kill();
            }
        }
    }

    private void awaitDone(RunningCatalog catalog) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode rollout = rollout(catalog);
        while (!rollout.path("state").asString().equals("done")) {
            assertThat(System.nanoTime()).as("%s", rollout).isLessThan(end);
            report(catalog);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            rollout = rollout(catalog);
        }
        JsonNode targets = catalog.json("/admin/v1/aliases/prod").path("targets");
        assertThat(targets).hasSize(1);
        assertThat(targets.get(0).path("version").asInt()).isEqualTo(2);
    }

    /** Every step was made, and none twice. */
    private static void checkAudit(RunningCatalog catalog) throws Exception {
        assertThat(
                        catalog.json("/admin/v1/audit")
                                .path("items")
                                .valueStream()
                                .map(entry -> entry.path("action").asString())
                                .filter(action -> action.startsWith("rollout")))
                .containsExactly("rollout.done", "rollout.step", "rollout.step", "rollout.start");
    }

    private void report(RunningCatalog catalog) throws Exception {
        Measured fine = new Measured(25, 0, Times.NONE, Times.NONE);
        byte[] report =
                MeasureCodec.encode(
                        new MeasureReport(
                                "gateway-1", ++reports, List.of(line(1, fine), line(2, fine))));
        assertThat(send(catalog, MeasureReport.PATH, report).statusCode()).isEqualTo(204);
    }

    private static MeasureReport.Line line(int version, Measured measured) {
        return new MeasureReport.Line(
                new MeasuredVersion(AdapterId.of("prod"), AdapterId.of("sql"), version, 0),
                measured);
    }

    private static JsonNode rollout(RunningCatalog catalog) throws Exception {
        return catalog.json("/admin/v1/rollouts").path("items").get(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> send(RunningCatalog catalog, String path, byte[] body)
            throws Exception {
        return catalog.client()
                .send(
                        catalog.to(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
