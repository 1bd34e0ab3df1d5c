package dev.weft.inference.server.residency.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.LoraCheck;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {
    private static final AdapterDigest A = TestArtifacts.digest("a");

    private final AtomicInteger downloads = new AtomicInteger();

    private final AtomicInteger reads = new AtomicInteger();
    private final AdapterReader reader =
            new AdapterReader() {
                @Override
                public LoraCheck read(Path folder) throws IOException {
                    reads.incrementAndGet();
                    return TestArtifacts.READER.read(folder);
                }

                @Override
                public LoraCheck reopen(Path folder, AdapterDigest digest) throws IOException {
                    return TestArtifacts.READER.reopen(folder, digest);
                }
            };

    @AutoClose private final LoadThreads loadThreads = LoadThreads.start();

    @TempDir private Path root;

    @Test
    void fetchesOnceHoweverManyAsk() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ArtifactCache store =
                store((_, folder) -> {
                    assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
                    Files.writeString(folder.resolve(TestArtifacts.FILE), "a");
                });
        List<CompletableFuture<Path>> all =
                IntStream.range(0, 8).mapToObj(_ -> store.fetch("", A)).toList();
        go.countDown();

        for (CompletableFuture<Path> one : all) {
            assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(root.resolve(A.hex()));
        }
        assertThat(downloads).hasValue(1);
        store.open(A).close();
    }

    @Test
    void servesFromDiskAfterARestartWithoutACatalog() throws Exception {
        store(writing("a")).folder(A, soon());

        ArtifactCache restarted =
                store((_, _) -> {
                    throw new IOException("no catalog");
                });

        assertThat(restarted.folder(A, soon())).isEqualTo(root.resolve(A.hex()));
        restarted.open(A).close();
    }

    @Test
    void readsTheValuesAgainOnlyWhereAFileHasChanged() throws Exception {
        ArtifactCache store = store(writing("a"));
        assertThat(store.has(A)).isFalse();
        store.folder(A, soon());
        assertThat(store.has(A)).isTrue();
        store.open(A).close();
        store.open(A).close();
        assertThat(reads).as("once, after the download").hasValue(1);

        Path file = root.resolve(A.hex()).resolve(TestArtifacts.FILE);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        store.open(A).close();
        store.open(A).close();
        assertThat(reads).as("and once since").hasValue(2);

        Files.writeString(file, "b");
        assertThatThrownBy(() -> store.open(A)).hasMessageContaining("its files are those of");
        assertThat(store.has(A)).isFalse();
        assertThat(root.resolve(A.hex())).doesNotExist();
    }

    @Test
    void fetchesAgainWhatIsBrokenOnDisk() throws Exception {
        store(writing("a")).folder(A, soon());
        Files.writeString(root.resolve(A.hex()).resolve(TestArtifacts.FILE), "tampered");

        store(writing("a")).folder(A, soon());

        assertThat(Files.readString(root.resolve(A.hex()).resolve(TestArtifacts.FILE)))
                .isEqualTo("a");
        assertThat(downloads).hasValue(2);
    }

    @Test
    void refusesWhatIsNotWhatItsDigestSaysAndLeavesNothingBehind() throws Exception {
        ArtifactCache store = store(writing("b"));

        assertThatThrownBy(() -> store.folder(A, soon()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(TestArtifacts.digest("b").toString())
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.ADAPTER_UNAVAILABLE);
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void deletesWhatKilledWorkersLeftOfDownloadsAndNothingOfRunningOnes() throws Exception {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Path left = Files.createDirectory(root.resolve(A.hex() + ".part-1"));
        Files.setLastModifiedTime(
                Files.writeString(left.resolve(TestArtifacts.FILE), "half of it"), old);
        Files.setLastModifiedTime(left, old);
        Path grows = Files.createDirectory(root.resolve(A.hex() + ".part-2"));
        Files.writeString(grows.resolve(TestArtifacts.FILE), "of a worker beside this one");
        Files.setLastModifiedTime(grows, old);
        AdapterDigest b = TestArtifacts.digest("b");
        Path other = Files.createDirectory(root.resolve(b.hex()));
        Files.setLastModifiedTime(other, old);

        store(writing("a")).folder(A, soon());

        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).containsExactlyInAnyOrder(root.resolve(A.hex()), grows, other);
        }
    }

    @Test
    void saysWhyAnAdapterIsRefused() {
        AdapterDigest refused = TestArtifacts.digest("refused");

        assertThatThrownBy(() -> store(writing("refused")).folder(refused, soon()))
                .hasMessageContaining("it says refused");
    }

    @Test
    void triesAgainAfterAFailure() throws Exception {
        ArtifactCache store =
                store((_, folder) -> {
                    if (downloads.get() == 1) {
                        throw new IOException("the catalog is away");
                    }
                    Files.writeString(folder.resolve(TestArtifacts.FILE), "a");
                });

        assertThatThrownBy(() -> store.folder(A, soon()))
                .hasMessageContaining("the catalog is away");
        assertThat(store.folder(A, soon())).isDirectory();
    }

    @Test
    void stopsWaitingAtTheDeadlineWhileTheFetchGoesOn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ArtifactCache store =
                store((_, folder) -> {
                    assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
                    Files.writeString(folder.resolve(TestArtifacts.FILE), "a");
                });

        assertThatThrownBy(() -> store.folder(A, after(Duration.ZERO)))
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.ADAPTER_LOADING);
        go.countDown();
        assertThat(store.folder(A, soon())).isDirectory();
        assertThat(downloads).hasValue(1);
    }

    private ArtifactCache store(ArtifactSource source) {
        return new ArtifactCache(
                root,
                (digest, folder) -> {
                    downloads.incrementAndGet();
                    source.download(digest, folder);
                },
                reader,
                loadThreads);
    }

    private static ArtifactSource writing(String content) {
        return (_, folder) -> Files.writeString(folder.resolve(TestArtifacts.FILE), content);
    }

    private static Deadline soon() {
        return after(Duration.ofMinutes(1));
    }

    private static Deadline after(Duration wait) {
        return Deadline.after(wait);
    }
}
