package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.repository.ObjectAddress;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.ObjectStores;
import dev.weft.source.object.S3Mock;
import dev.weft.source.object.StoreObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3ArtifactsTest extends ArtifactContractTest {
    private static S3Mock server;

    @BeforeAll
    static void start() throws IOException {
        server = new S3Mock();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A prefix of its own for each test, and a folder for copies that another one may not have. */
    @Override
    ArtifactStore open(Path copies, Clock clock) throws IOException {
        return new BucketArtifacts(bucket(), copies, clock);
    }

    private ObjectStore bucket() throws IOException {
        ObjectAddress address =
                ObjectAddress.parse("s3://models/" + folder.getFileName()).orElseThrow();
        return new ObjectStores(server.endpoints(), server.credentials(), Duration.ofSeconds(5))
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
        for (StoreObject object : bucket().list(DIGEST.hex() + "/files/", true)) {
            bucket().write(object.name(), "xxx".getBytes(StandardCharsets.UTF_8));
        }

        ArtifactStore other = open(folder.resolve("other"), Clock.systemUTC());
        assertThatThrownBy(() -> other.find(DIGEST)).hasMessageContaining("damaged in the bucket");
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
}
