package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FolderArtifactsTest extends ArtifactContractTest {
    @Override
    ArtifactStore open(Path folder, Clock clock) throws IOException {
        return new FolderArtifacts(folder, clock);
    }

    @Test
    void aDamagedArtifactIsWrittenAgain() throws IOException {
        Artifact stored = store.put(DIGEST, all());
        Files.writeString(store.file(DIGEST, "a.txt").orElseThrow(), "ane");
        assertThat(store.put(DIGEST, all())).isEqualTo(stored);
        assertThat(store.file(DIGEST, "a.txt").orElseThrow()).hasContent("one");

        Files.writeString(home().resolve("artifact.json"), "{");
        assertThat(store.put(DIGEST, all())).isEqualTo(stored);
        assertThat(onlyChild()).hasFileName(DIGEST.hex());
    }

    @Test
    void whatIsPutAgainCountsAsNew() throws IOException {
        Instant first = Instant.parse("2026-11-24T00:00:00Z");
        Instant later = first.plus(Duration.ofHours(3));
        open(folder.resolve("store"), Clock.fixed(first, ZoneOffset.UTC)).put(DIGEST, all());
        assertThat(store.list()).containsExactly(new Kept(DIGEST, first));

        open(folder.resolve("store"), Clock.fixed(later, ZoneOffset.UTC)).put(DIGEST, all());

        assertThat(store.list()).containsExactly(new Kept(DIGEST, later));
    }

    @Test
    void aListOfFilesAsEarlierVersionsWroteItIsRead() throws IOException {
        Artifact stored = store.put(DIGEST, contents("a.txt"));
        Files.writeString(
                home().resolve("artifact.json"),
                "[{\"name\":\"a.txt\",\"size\":3,\"sha256\":\"%s\"}]"
                        .formatted(stored.files().getFirst().sha256()));

        assertThat(store.find(DIGEST)).contains(stored);
    }

    @Test
    void whatAStoppedProcessLeftIsTidied() throws IOException {
        Artifact stored = store.put(DIGEST, all());
        Files.createDirectories(folder.resolve("store/.staging-1/files"));
        Files.move(home(), folder.resolve("store/.removed-" + DIGEST.hex()));

        ArtifactStore next = open(folder.resolve("store"), Clock.systemUTC());

        assertThat(onlyChild()).hasFileName(DIGEST.hex());
        assertThat(next.find(DIGEST)).contains(stored);
    }

    /** A process that ends while a sweep deletes an artifact leaves a part of it. */
    @Test
    void whatIsHalfDeletedIsGoneAndCanBeStoredAnew() throws IOException {
        store.put(DIGEST, all());
        Files.delete(home().resolve("artifact.json"));
        Files.move(home(), folder.resolve("store/.removed-" + DIGEST.hex()));

        ArtifactStore next = open(folder.resolve("store"), Clock.systemUTC());

        assertThat(folder.resolve("store")).isEmptyDirectory();
        Artifact stored = next.put(DIGEST, all());
        Files.delete(home().resolve("artifact.json"));
        assertThat(next.put(DIGEST, all()))
                .as("an earlier version brought one back")
                .isEqualTo(stored);
        assertThat(onlyChild()).hasFileName(DIGEST.hex());
    }

    @Test
    void whoLooksWhileASweepTakesAnArtifactAwayFindsItOrNot() throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> looks =
                    threads.submit(() -> {
                        while (goesOn.get()) {
                            store.find(DIGEST)
                                    .ifPresent(found -> assertThat(found.size()).isEqualTo(13));
                            assertThat(store.list()).hasSizeLessThan(2);
                        }
                        return null;
                    });
            try {
                for (int i = 0; i < 300; i++) {
                    store.put(DIGEST, all());
                    assertThat(store.remove(DIGEST, () -> true)).isTrue();
                }
            } finally {
                goesOn.set(false);
            }
            looks.get(60, TimeUnit.SECONDS);
        }
    }

    private Path home() {
        return folder.resolve("store").resolve(DIGEST.hex());
    }

    private Path onlyChild() throws IOException {
        List<Path> children = FolderTree.children(folder.resolve("store"));
        assertThat(children).hasSize(1);
        return children.getFirst();
    }
}
