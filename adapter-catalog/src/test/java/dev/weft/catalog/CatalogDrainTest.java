package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ends a catalog while it works. */
@Timeout(180)
class CatalogDrainTest {
    private static final String READINESS = "/actuator/health/readiness";

    @Test
    void readinessAnswers503WhileItEndsAndRequestsAreServed(@TempDir Path folder) throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        // an ingest that doesn't stop at once delays the catalog's end by 2 s at most
        RepositoryAccess stubborn =
                (ref, wanted, target, progress) -> {
                    fetching.countDown();
                    waitDeafly(seen);
                    throw new SourceException(SourceFault.INTERRUPTED, "interrupted");
                };
        Path repo = TestAdapter.write(Files.createDirectories(folder.resolve("adapters/a")), 4, 1);
        try (RunningCatalog catalog =
                RunningCatalog.start(folder, stubborn, Duration.ofSeconds(60))) {
            assertThat(catalog.get(READINESS).statusCode()).isEqualTo(200);
            // what is asked for the first time takes longer, and the end is soon
            assertThat(catalog.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(catalog.get("/admin/v1/adapters").statusCode()).isEqualTo(200);
            catalog.register("a", repo);
            fetching.await();

            Thread ending = Thread.ofPlatform().start(catalog::stopService);
            while (catalog.get(READINESS).statusCode() == 200) {
                assertThat(ending.isAlive()).isTrue();
            }
            assertThat(catalog.get(READINESS).statusCode()).isEqualTo(503);
            assertThat(catalog.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(catalog.get("/admin/v1/adapters").statusCode()).isEqualTo(200);

            seen.countDown();
            ending.join();
        }
    }

    private static void waitDeafly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
