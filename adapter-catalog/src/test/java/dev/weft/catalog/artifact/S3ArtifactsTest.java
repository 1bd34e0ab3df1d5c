package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.source.MovableClock;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.ObjectStores;
import dev.weft.source.object.S3Mock;
import dev.weft.source.object.StoreObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3ArtifactsTest extends ArtifactContractTest {
    @AutoClose private static S3Mock server;

    @BeforeAll
    static void start() throws IOException {
        server = new S3Mock();
    }

    /**
     * Opens a store with a separate prefix for each test, and a folder for copies that other stores
     * may not share.
     */
    @Override
    ArtifactStore open(Path copies, Clock clock) throws IOException {
        return new BucketArtifacts(bucket(), copies, Long.MAX_VALUE, clock);
    }

    private ObjectStore bucket() throws IOException {
        ObjectAddress address =
                ObjectAddress.parse("s3://models/" + folder.getFileName()).orElseThrow();
        return new ObjectStores(
                        server.endpoints(),
                        List.of(),
                        server.credentials(),
                        Duration.ofMinutes(1),
                        Clock.systemUTC())
                .open(address);
    }

    @Test
    void anotherMachineFindsIt() throws IOException {
        Artifact stored = store.put(DIGEST, all());

        ArtifactStore other = open(folder.resolve("other"), Clock.systemUTC());

        assertThat(other.find(DIGEST)).contains(stored);
        assertThat(other.file(DIGEST, "b.txt").orElseThrow()).hasContent("three");
        assertThat(other.list()).extracting(Kept::digest).containsExactly(DIGEST);
    }

    @Test
    void withoutItsManifestItIsNotThere() throws IOException {
        store.put(DIGEST, all());
        bucket().delete(DIGEST.hex() + "/artifact.json");

        ArtifactStore other = open(folder.resolve("other"), Clock.systemUTC());
        assertThat(other.find(DIGEST)).isEmpty();
        assertThat(other.list()).isEmpty();
        assertThat(store.put(DIGEST, all()).files()).hasSize(2);
        assertThat(other.find(DIGEST)).isPresent();
    }

    @Test
    void damagedBytesAreNotHandedOut() throws IOException {
        store.put(DIGEST, all());
        for (StoreObject object : bucket().list(DIGEST.hex() + "/", true)) {
            if (!object.name().endsWith(".json")) {
                bucket().write(object.name(), "xxx".getBytes(StandardCharsets.UTF_8));
            }
        }

        ArtifactStore other = open(folder.resolve("other"), Clock.systemUTC());
        assertThatThrownBy(() -> other.find(DIGEST)).hasMessageContaining("damaged in the bucket");
    }

    @Test
    void whatAnotherCatalogStoresWhileItIsRemovedIsThere() throws IOException {
        store.put(DIGEST, all());
        ArtifactStore other = open(folder.resolve("other"), Clock.systemUTC());
        boolean removed =
                store.remove(
                        DIGEST,
                        () -> {
                            try {
                                other.put(DIGEST, all());
                                return true;
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        assertThat(removed).isTrue();
        ArtifactStore third = open(folder.resolve("third"), Clock.systemUTC());
        assertThat(third.file(DIGEST, "b.txt").orElseThrow()).hasContent("three");

        assertThat(other.remove(DIGEST, () -> true)).isTrue();
        assertThat(bucket().list(DIGEST.hex() + "/", true)).isEmpty();
    }

    @Test
    void anAttemptGoesOnWhereTheOneBeforeItStopped() throws IOException {
        ArtifactStore almostFull =
                new BucketArtifacts(
                        failingOnce(bucket()),
                        folder.resolve("full"),
                        Long.MAX_VALUE,
                        Clock.systemUTC());
        assertThatThrownBy(() -> almostFull.put(DIGEST, all())).hasMessage("it is full");
        assertThat(names(DIGEST)).hasSize(1);
        almostFull.put(DIGEST, all());
        assertThat(names(DIGEST)).hasSize(4);
    }

    @Test
    void aManifestThatCantBeReadIsNone() throws IOException {
        store.put(DIGEST, all());
        bucket().write(DIGEST.hex() + "/artifact.json", "{\"dig".getBytes(StandardCharsets.UTF_8));
        store.put(DIGEST, all());
        assertThat(open(folder.resolve("other"), Clock.systemUTC()).find(DIGEST)).isPresent();
    }

    private List<String> names(AdapterDigest digest) throws IOException {
        return bucket().list(digest.hex() + "/", true).stream().map(StoreObject::name).toList();
    }

    /** A bucket that takes one file, and later more. */
    private static ObjectStore failingOnce(ObjectStore bucket) {
        AtomicInteger files = new AtomicInteger();
        return (ObjectStore)
                Proxy.newProxyInstance(
                        ObjectStore.class.getClassLoader(),
                        new Class<?>[] {ObjectStore.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("write")
                                    && arguments[1] instanceof Path
                                    && files.incrementAndGet() == 2) {
                                throw new IOException("it is full");
                            }
                            return method.invoke(bucket, arguments);
                        });
    }

    @Test
    void largeFilesGoInParts() throws IOException {
        byte[] large = new byte[(8 << 20) * 2 + 77];
        new Random(1).nextBytes(large);
        Files.write(source.resolve("large.bin"), large);
        AdapterDigest digest = new AdapterDigest("e".repeat(64));
        store.put(digest, new Contents(List.of(source.resolve("large.bin")), List.of()));

        ArtifactStore other = open(folder.resolve("other"), Clock.systemUTC());
        assertThat(other.file(digest, "large.bin").orElseThrow()).hasBinaryContent(large);
    }

    @Test
    void copiesKeepWithinTheirBoundAndTheOneUnusedForLongestGoes() throws IOException {
        MovableClock clock = new MovableClock();
        Path copies = folder.resolve("bounded");
        ArtifactStore bounded = new BucketArtifacts(bucket(), copies, 30, clock);
        AdapterDigest third = new AdapterDigest("c".repeat(64));
        bounded.put(DIGEST, all()); // 13 bytes each
        clock.forward(CopyBound.JUST_USED.plusSeconds(1));
        bounded.put(OTHER, all());
        clock.forward(CopyBound.JUST_USED.plusSeconds(1));
        assertThat(bounded.file(DIGEST, "a.txt")).isPresent();
        bounded.put(third, all());
        assertThat(copies(copies)).containsExactlyInAnyOrder(DIGEST, third);

        // a copy used just now stays, whatever the bound: somebody may be about to read it
        Path file = bounded.file(OTHER, "b.txt").orElseThrow();
        assertThat(copies(copies)).containsExactlyInAnyOrder(DIGEST, OTHER, third);
        assertThat(file).hasContent("three");
        clock.forward(CopyBound.JUST_USED.plusSeconds(1));
        ArtifactStore again = new BucketArtifacts(bucket(), copies, 30, clock);
        assertThat(copies(copies)).hasSize(2);
        for (AdapterDigest digest : List.of(DIGEST, OTHER, third)) {
            assertThat(again.file(digest, "c.npy").orElseThrow()).hasContent("array");
        }
    }

    @Test
    void aReaderUnderWayGetsTheWholeFileWhileItsCopyMakesRoom() throws IOException {
        MovableClock clock = new MovableClock();
        Path copies = folder.resolve("none");
        ArtifactStore bounded = new BucketArtifacts(bucket(), copies, 0, clock);
        byte[] content = new byte[300_000];
        new Random(3).nextBytes(content);
        Files.write(source.resolve("large.bin"), content);
        bounded.put(DIGEST, contents("large.bin"));
        Path file = bounded.file(DIGEST, "large.bin").orElseThrow();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] begin = in.readNBytes(1000);
            clock.forward(CopyBound.JUST_USED.plusSeconds(1));
            bounded.put(OTHER, all());
            assertThat(copies(copies)).containsExactly(OTHER);
            assertThat(begin).isEqualTo(Arrays.copyOf(content, 1000));
            assertThat(in.readAllBytes())
                    .isEqualTo(Arrays.copyOfRange(content, 1000, content.length));
        }
        assertThat(bounded.file(DIGEST, "large.bin").orElseThrow()).hasBinaryContent(content);
    }

    private static List<AdapterDigest> copies(Path folder) throws IOException {
        return new FolderArtifacts(folder.resolve("copies"), Clock.systemUTC())
                .list().stream().map(Kept::digest).toList();
    }
}
