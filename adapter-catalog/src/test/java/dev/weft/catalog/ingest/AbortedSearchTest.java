package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A search for a base among several, which reads the adapter's files and so may end a process. */
@Timeout(300)
class AbortedSearchTest {
    private static final int PROCESSES = 8;

    @TempDir private Path folder;

    /** Both bases fit, so the search alone rejects a version that was not counted before. */
    @Test
    void anAdapterThatEndedProcessesWhileItsBaseWasLookedForIsRejected() throws Exception {
        long id = leftUnfinishedWithTwoBases();
        countProcesses(id);
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(catalog.settled(id).path("reasons").get(0).path("code").asString())
                    .isEqualTo("INGEST_ABORTED");
        }
    }

    private long leftUnfinishedWithTwoBases() throws Exception {
        Path other = TestAdapter.base(folder.resolve("adapters/other-model"));
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1, other, "org/unheard");
        try (RunningCatalog catalog =
                RunningCatalog.start(folder, hanging(), Duration.ofMinutes(2))) {
            String body =
                    RunningCatalog.JSON.writeValueAsString(
                            Map.of("name", "other", "source", "FILE", "repo", other.toString()));
            assertThat(catalog.post("/admin/v1/bases", body).statusCode()).isEqualTo(201);
            long id = catalog.register("sql", repo).path("id").asLong();
            catalog.await(id, Set.of("Fetching"));
            return id;
        }
    }

    private static RepositoryAccess hanging() {
        return (ref, wanted, target, progress) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SourceException(SourceFault.INTERRUPTED, "interrupted");
        };
    }

    private void countProcesses(long version) {
        try (Database database = Databases.open(null, folder.resolve("data"))) {
            var ledger =
                    new IngestLedger(
                            database, new AliasedNames(), "one", Clock.systemUTC(), () -> {});
            for (int process = 1; process <= PROCESSES; process++) {
                assertThat(ledger.attempt(version)).isEqualTo(process);
            }
        }
    }
}
