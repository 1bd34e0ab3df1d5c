package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several bases, of which one's repository does not answer. */
@Timeout(300)
class AwayBaseTest {
    @TempDir private Path folder;

    @Test
    void versionsThatWaitForABaseHoldNobodyUpAndAreOfTheOneThatTheyFit() throws Exception {
        Path away = TestAdapter.base(folder.resolve("adapters/away-model"), 24);
        Path base = TestAdapter.base(folder.resolve("base"));
        CountDownLatch answers = new CountDownLatch(1);
        RepositoryAccess files = RunningCatalog.repositories();
        RepositoryAccess silent =
                (ref, wanted, target, progress) -> {
                    if (wanted.equals(FileSelection.CONFIG) && ref.repo().contains("away")) {
                        waitFor(answers);
                        throw new SourceException(SourceFault.NOT_FOUND, "it is gone");
                    }
                    return files.fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, silent, Duration.ofMinutes(2))) {
            String body =
                    RunningCatalog.JSON.writeValueAsString(
                            Map.of("name", "away", "source", "FILE", "repo", away.toString()));
            assertThat(catalog.post("/admin/v1/bases", body).statusCode()).isEqualTo(201);
            List<Long> waiting = new ArrayList<>();
            for (int i = 0; i <= Ingest.AT_ONCE; i++) {
                Path repo =
                        TestAdapter.write(
                                folder.resolve("adapters/waits-" + i), 4, i, base, "org/unheard");
                waiting.add(catalog.register("waits-" + i, repo).path("id").asLong());
            }
            for (long id : waiting) {
                catalog.await(id, Set.of("Validating"));
            }
            Path named =
                    TestAdapter.write(folder.resolve("adapters/named"), 4, 9, base, "acme/base");
            assertThat(catalog.ingest("named", named).path("state").asString()).isEqualTo("Ready");
            answers.countDown();
            for (long id : waiting) {
                assertThat(catalog.settled(id).path("state").asString()).isEqualTo("Ready");
            }
            assertThat(catalog.json("/admin/v1/adapters/waits-0").path("base").asString())
                    .isEqualTo("acme/base");
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            if (!latch.await(120, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
