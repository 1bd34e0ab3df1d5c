package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
    private static final AdapterDigest DIGEST = new AdapterDigest("a".repeat(64));
    private static final List<String> NAMES = List.of("b.txt", "a.txt");

    @TempDir private Path folder;
    private Path source;
    private ArtifactStore store;

    @BeforeEach
    void makeStore() throws IOException {
        source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "one");
        Files.writeString(source.resolve("b.txt"), "three");
        store = new ArtifactStore(folder.resolve("store"));
    }

    @Test
    void whatIsStoredIsFoundWithSizesAndHashes() throws IOException {
        Artifact stored = store.put(DIGEST, source, NAMES);

        assertThat(stored.files())
                .containsExactly(
                        new ArtifactFile(
                                "a.txt",
                                3,
                                "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"),
                        new ArtifactFile(
                                "b.txt",
                                5,
                                "8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f"));
        assertThat(stored.size()).isEqualTo(8);
        assertThat(store.find(DIGEST)).contains(stored);
        assertThat(store.file(DIGEST, "b.txt").orElseThrow()).hasContent("three");
        assertThat(store.file(DIGEST, "artifact.json")).isEmpty();
        assertThat(store.file(DIGEST, "../artifact.json")).isEmpty();
        assertThat(store.find(new AdapterDigest("b".repeat(64)))).isEmpty();
    }

    @Test
    void aStoredArtifactStaysAsItIs() throws IOException {
        Artifact stored = store.put(DIGEST, source, NAMES);
        Files.writeString(source.resolve("a.txt"), "two");

        assertThat(store.put(DIGEST, source, NAMES)).isEqualTo(stored);
        assertThat(store.file(DIGEST, "a.txt").orElseThrow()).hasContent("one");
    }

    @Test
    void aDamagedArtifactIsWrittenAgain() throws IOException {
        Artifact stored = store.put(DIGEST, source, NAMES);
        Files.writeString(store.file(DIGEST, "a.txt").orElseThrow(), "ane");
        assertThat(store.put(DIGEST, source, NAMES)).isEqualTo(stored);
        assertThat(store.file(DIGEST, "a.txt").orElseThrow()).hasContent("one");

        Files.writeString(
                folder.resolve("store").resolve(DIGEST.hex()).resolve("artifact.json"), "{");
        assertThat(store.put(DIGEST, source, NAMES)).isEqualTo(stored);
        assertThat(onlyChild()).hasFileName(DIGEST.hex());
    }

    @Test
    void aFailedWriteLeavesNothing() throws IOException {
        assertThatThrownBy(() -> store.put(DIGEST, source, List.of("a.txt", "missing")))
                .isInstanceOf(NoSuchFileException.class);

        assertThat(store.find(DIGEST)).isEmpty();
        assertThat(folder.resolve("store")).isEmptyDirectory();
    }

    @Test
    void whatAStoppedProcessLeftIsRemoved() throws IOException {
        Artifact stored = store.put(DIGEST, source, NAMES);
        Files.createDirectories(folder.resolve("store/.staging-1/files"));
        ArtifactStore next = new ArtifactStore(folder.resolve("store"));

        assertThat(onlyChild()).hasFileName(DIGEST.hex());
        assertThat(next.find(DIGEST)).contains(stored);
    }

    @Test
    void manyMayStoreTheSameAtOnce() throws Exception {
        List<Future<Artifact>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                running.add(threads.submit(() -> store.put(DIGEST, source, NAMES)));
            }
            for (Future<Artifact> future : running) {
                assertThat(future.get(30, TimeUnit.SECONDS).files()).hasSize(2);
            }
        }
        assertThat(onlyChild()).hasFileName(DIGEST.hex());
    }

    private Path onlyChild() throws IOException {
        List<Path> children = FolderTree.children(folder.resolve("store"));
        assertThat(children).hasSize(1);
        return children.getFirst();
    }
}
