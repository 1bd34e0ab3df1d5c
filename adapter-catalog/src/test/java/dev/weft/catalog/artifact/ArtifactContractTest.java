package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that every artifact store does the same. */
@Timeout(180)
abstract class ArtifactContractTest {
    static final AdapterDigest DIGEST = new AdapterDigest("a".repeat(64));
    static final AdapterDigest OTHER = new AdapterDigest("b".repeat(64));

    @TempDir Path folder;
    Path source;
    ArtifactStore store;

    /** Opens a store; all stores of one test share their artifacts. */
    abstract ArtifactStore open(Path folder, Clock clock) throws IOException;

    @BeforeEach
    void makeStore() throws IOException {
        source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "one");
        Files.writeString(source.resolve("b.txt"), "three");
        Files.writeString(source.resolve("c.npy"), "array");
        store = open(folder.resolve("store"), Clock.systemUTC());
    }

    Contents contents(String... names) {
        return new Contents(List.of(names).stream().map(source::resolve).toList(), List.of());
    }

    Contents all() {
        return new Contents(
                List.of(source.resolve("b.txt"), source.resolve("a.txt")),
                List.of(source.resolve("c.npy")));
    }

    @Test
    void whatIsStoredIsFoundWithSizesAndHashes() throws IOException {
        Artifact stored = store.put(DIGEST, all());

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
        assertThat(stored.arrays()).extracting(ArtifactFile::name).containsExactly("c.npy");
        assertThat(stored.size()).isEqualTo(13);
        assertThat(store.find(DIGEST)).contains(stored);
        assertThat(store.file(DIGEST, "b.txt").orElseThrow()).hasContent("three");
        assertThat(store.file(DIGEST, "c.npy").orElseThrow()).hasContent("array");
        assertThat(store.file(DIGEST, "artifact.json")).isEmpty();
        assertThat(store.file(DIGEST, "../artifact.json")).isEmpty();
        assertThat(store.find(new AdapterDigest("c".repeat(64)))).isEmpty();
        assertThat(store.list()).extracting(Kept::digest).contains(DIGEST);
    }

    @Test
    void aStoredArtifactStaysAsItIs() throws IOException {
        Artifact stored = store.put(DIGEST, all());
        Files.writeString(source.resolve("a.txt"), "two");

        assertThat(store.put(DIGEST, all())).isEqualTo(stored);
        assertThat(store.file(DIGEST, "a.txt").orElseThrow()).hasContent("one");
    }

    @Test
    void arraysAreAddedToAnArtifactThatHadNone() throws IOException {
        store.put(OTHER, contents("a.txt", "b.txt"));

        assertThat(store.put(OTHER, all()).arrays()).hasSize(1);
        assertThat(store.file(OTHER, "c.npy").orElseThrow()).hasContent("array");
    }

    @Test
    void aFailedWriteLeavesNothing() throws IOException {
        AdapterDigest digest = new AdapterDigest("d".repeat(64));
        assertThatThrownBy(() -> store.put(digest, contents("a.txt", "missing")))
                .isInstanceOf(NoSuchFileException.class);

        assertThat(store.find(digest)).isEmpty();
    }

    @Test
    void manyMayStoreTheSameAtOnce() throws Exception {
        List<Future<Artifact>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                running.add(threads.submit(() -> store.put(DIGEST, all())));
            }
            for (Future<Artifact> future : running) {
                assertThat(future.get(90, TimeUnit.SECONDS).files()).hasSize(2);
            }
        }
    }

    @Test
    void whatNobodyNeedsIsRemovedAfterTheGraceAndNotBefore() throws IOException {
        store.put(DIGEST, all());
        store.put(OTHER, all());
        Set<AdapterDigest> needed = Set.of(OTHER);
        Instant now = Instant.now(Clock.systemUTC());

        assertThat(sweep(needed, now.plus(Duration.ofMinutes(50)))).isZero();
        assertThat(sweep(needed, now.plus(Duration.ofMinutes(70)))).isPositive();
        assertThat(store.find(DIGEST)).isEmpty();
        assertThat(store.file(OTHER, "a.txt").orElseThrow()).hasContent("one");
        assertThat(store.put(DIGEST, all()).files()).hasSize(2);
        assertThat(store.find(DIGEST)).isPresent();
    }

    /**
     * A version says that it needs the artifact, and finds it stored, between the two checks of a
     * sweep.
     */
    @Test
    void whatBecomesNeededWhileItIsRemovedStays() throws IOException {
        Artifact stored = store.put(DIGEST, all());
        AtomicReference<Set<AdapterDigest>> needed = new AtomicReference<>(Set.of());
        AtomicReference<Integer> looks = new AtomicReference<>(0);

        int removed =
                new ArtifactSweep(
                                store,
                                () -> {
                                    if (looks.updateAndGet(n -> n + 1) == 2) {
                                        needed.set(Set.of(DIGEST));
                                    }
                                    return needed.get();
                                },
                                Duration.ZERO,
                                in(Duration.ofHours(1)),
                                new Loops())
                        .sweep();

        assertThat(removed).isZero();
        assertThat(looks.get()).isGreaterThan(1);
        assertThat(store.find(DIGEST)).contains(stored);
        assertThat(store.file(DIGEST, "a.txt").orElseThrow()).hasContent("one");
    }

    @Test
    void sweepsOnAfterAFailureThatNobodyThoughtOf() throws Exception {
        store.put(DIGEST, all());
        AtomicInteger looks = new AtomicInteger();
        Loops loops = new Loops();
        try (ArtifactSweep sweep =
                new ArtifactSweep(
                        store,
                        () -> {
                            if (looks.incrementAndGet() == 1) {
                                throw new StackOverflowError();
                            }
                            return Set.of();
                        },
                        Duration.ofMillis(1),
                        in(Duration.ofHours(1)),
                        loops)) {
            sweep.start();
            while (store.find(DIGEST).isPresent()) {
                Thread.onSpinWait(); // the test's own timeout ends it
            }
        }
        assertThat(loops.failures()).containsEntry("artifact-sweep", 1L);
    }

    private int sweep(Set<AdapterDigest> needed, Instant at) throws IOException {
        return new ArtifactSweep(
                        store,
                        () -> needed,
                        Duration.ofHours(1),
                        Clock.fixed(at, java.time.ZoneOffset.UTC),
                        new Loops())
                .sweep();
    }

    private static Clock in(Duration time) {
        return Clock.offset(Clock.systemUTC(), time);
    }
}
