package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests long fetches: what is shown of them, and what they delay. */
@Timeout(300)
class UnderwayTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path folder;
    private Path adapters;

    @BeforeEach
    void folders() throws IOException {
        adapters = Files.createDirectory(folder.resolve("adapters"));
    }

    @Test
    void showsHowFarAFetchIsAsLongAsItGoesOn() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        RepositoryAccess slow =
                (ref, wanted, target, progress) -> {
                    if (ref.source() == RepositorySource.HF) {
                        progress.progress(
                                new FetchListener.Progress("a.safetensors", 2, 2, 40, 90, 50, 100));
                        told.countDown();
                        await(goOn);
                    }
                    return sources(ref, repo).fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, slow, LONG)) {
            long id = catalog.register("sql", "HF", "owner/sql").path("id").asLong();
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(
                            catalog.json("/admin/v1/adapters/sql")
                                    .path("versions")
                                    .get(0)
                                    .path("progress")
                                    .toString())
                    .isEqualTo("{\"bytesDone\":50,\"bytesTotal\":100,\"file\":\"a.safetensors\"}");
            goOn.countDown();
            JsonNode ready = catalog.settled(id);
            assertThat(ready.path("state").asString()).as(ready.toString()).isEqualTo("Ready");
            assertThat(ready.path("progress").isNull()).isTrue();
        }
    }

    @Test
    void aSlowSourceDelaysNoOtherHoweverManyFetchesWaitForIt() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("sql"), 4, 1);
        CountDownLatch goOn = new CountDownLatch(1);
        RepositoryAccess slow =
                (ref, wanted, target, progress) -> {
                    if (ref.source() == RepositorySource.HF) {
                        await(goOn);
                    }
                    return sources(ref, repo).fetch(ref, wanted, target, progress);
                };
        try (RunningCatalog catalog = RunningCatalog.start(folder, slow, LONG)) {
            List<Long> waiting = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                waiting.add(catalog.register("hf" + i, "HF", "owner/sql").path("id").asLong());
            }
            for (String url : List.of("http://a.test/x.tar.gz", "http://b.test/x.tar.gz")) {
                long id =
                        catalog.register(url.substring(7, 8), "REMOTE_URL", url)
                                .path("id")
                                .asLong();
                assertThat(catalog.settled(id).path("state").asString()).isEqualTo("Ready");
            }
            goOn.countDown();
            for (long id : waiting) {
                assertThat(catalog.settled(id).path("state").asString()).isEqualTo("Ready");
            }
        }
    }

    /** Repositories with a folder's adapter for any request, and with the real base. */
    private static RepositoryAccess sources(RepositoryRef asked, Path adapter) {
        if (asked.source() == RepositorySource.FILE) {
            return RunningCatalog.repositories();
        }
        return (_, _, target, _) -> {
            try {
                Files.createDirectories(target);
                List<String> names = CanonicalAdapter.files(adapter);
                for (String name : names) {
                    Files.copy(adapter.resolve(name), target.resolve(name));
                }
                return new Fetched(target, "commit", names);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened within " + LONG);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
