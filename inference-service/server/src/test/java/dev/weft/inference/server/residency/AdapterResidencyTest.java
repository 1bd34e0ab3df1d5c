package dev.weft.inference.server.residency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.LoraCheck;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.ArtifactSource;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.residency.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterResidencyTest {
    private final ScriptedEngine engine = new ScriptedEngine(16, _ -> List.of());
    private final Map<AdapterDigest, String> catalog = new ConcurrentHashMap<>();
    private final AtomicBoolean away = new AtomicBoolean();
    private final LoadThreads loadThreads = LoadThreads.start();

    @TempDir private Path root;

    @AfterEach
    void close() {
        engine.close();
        loadThreads.close();
    }

    @Test
    void loadsOnFirstUseAndEvictsTheLeastRecentlyUsed() throws Exception {
        AdapterResidency residency = residency();
        residency.lease(publish("a"), soon()).close();
        residency.lease(publish("b"), soon()).close();
        residency.lease(publish("a"), soon()).close();

        residency.lease(publish("c"), soon()).close();

        assertThat(engine.slotLog)
                .containsExactly(
                        "load " + publish("a").abbreviated(),
                        "load " + publish("b").abbreviated(),
                        "unload " + publish("b").abbreviated(),
                        "load " + publish("c").abbreviated());
    }

    /** A server that is away may have lost what it held; gateways would send requests for it. */
    @Test
    void reportsNothingInMemoryWhileTheEngineIsAway() throws Exception {
        engine.hostCache = true;
        AdapterResidency residency = residency();
        residency.pin(publish("a"), soon());
        assertThat(residency.inMemory()).containsEntry(publish("a"), Tier.SLOT);

        engine.away = true;

        assertThat(residency.inMemory()).isEmpty();
        assertThat(residency.held())
                .singleElement()
                .satisfies(held -> {
                    assertThat(held.tier()).isEqualTo(Tier.DISK);
                    assertThat(held.pinned()).isFalse();
                });
        engine.away = false;
        assertThat(residency.inMemory()).containsEntry(publish("a"), Tier.SLOT);
    }

    @Test
    void takesBackWhatTheEngineStillHoldsWithoutItsFiles() throws Exception {
        engine.hostCache = true;
        AdapterResidency residency = residency();
        for (String name : List.of("a", "b", "c")) {
            residency.lease(publish(name), soon()).close();
        }
        Files.delete(root.resolve(publish("a").hex()).resolve(TestArtifacts.FILE));

        residency.lease(publish("a"), soon()).close();

        assertThat(engine.slotLog)
                .endsWith(
                        "unload " + publish("b").abbreviated(),
                        "reload " + publish("a").abbreviated());
    }

    @Test
    void saysThatTheEngineIsClosedToThoseWhoWait() throws Exception {
        AdapterResidency residency = residency();
        residency.lease(publish("a"), soon());
        loadThreads.close();

        assertThatThrownBy(() -> residency.lease(publish("b"), soon()))
                .isInstanceOf(ApiException.class)
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.ADAPTER_UNAVAILABLE);
    }

    @Test
    void stopsWaitingForASlotAtTheDeadline() throws Exception {
        AdapterResidency residency = residency();
        AdapterLease a = residency.lease(publish("a"), soon());
        AdapterLease b = residency.lease(publish("b"), soon());

        assertThat(residency.bring(publish("c"), soon())).as("fetched, and no slot").isFalse();

        assertThatThrownBy(() -> residency.lease(publish("c"), after(Duration.ofSeconds(1))))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("all 2 adapter slots are in use")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.ADAPTER_LOADING);

        a.close();
        b.close();
        residency.lease(publish("c"), soon()).close();
        assertThat(residency.awaited()).isEmpty();
    }

    @Test
    void leavesTheQueueWhereAWaiterIsInterrupted() throws Exception {
        AdapterResidency residency = residency();
        AdapterLease a = residency.lease(publish("a"), soon());
        residency.lease(publish("b"), soon());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<AdapterLease> waiting =
                    threads.submit(() -> residency.lease(publish("c"), soon()));
            eventually(() -> residency.awaited().contains(publish("c")));

            waiting.cancel(true);

            eventually(() -> residency.awaited().isEmpty());
        }
        a.close();
        assertThat(residency.resident()).contains(publish("a"), publish("b"));
    }

    @Test
    void isNotPoisonedByAFailure() throws Exception {
        AdapterResidency residency = residency();
        away.set(true);
        assertThatThrownBy(() -> residency.lease(publish("a"), soon()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("the catalog is away")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.ADAPTER_UNAVAILABLE);

        away.set(false);

        residency.lease(publish("a"), soon()).close();
    }

    @Test
    void errorsOfALoadAreToldToWhoWaits() throws Exception {
        ArtifactSource deep =
                (_, _) -> {
                    throw new StackOverflowError();
                };
        isTold(new ArtifactCache(root, deep, TestArtifacts.READER, loadThreads));

        ArtifactSource fine =
                (_, folder) -> Files.writeString(folder.resolve(TestArtifacts.FILE), "a");
        AdapterReader deepReader =
                new AdapterReader() {
                    @Override
                    public LoraCheck read(Path folder) throws IOException {
                        return TestArtifacts.READER.read(folder);
                    }

                    @Override
                    public LoraCheck reopen(Path folder, AdapterDigest digest) {
                        throw new StackOverflowError();
                    }
                };
        isTold(new ArtifactCache(root, fine, deepReader, loadThreads));
    }

    /** Each check waits for the test, so that a flood's checks are still to come. */
    @Test
    void aTenantThatAsksForManyAdaptersIsNotBeforeOneThatAsksForOne() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch here = new CountDownLatch(1);
        AdapterDigest one = publish("one");
        List<AdapterDigest> checked = new CopyOnWriteArrayList<>();
        ArtifactSource source =
                (digest, folder) -> {
                    Files.writeString(folder.resolve(TestArtifacts.FILE), catalog.get(digest));
                    if (digest.equals(one)) {
                        here.countDown();
                    }
                };
        AdapterReader reader =
                new AdapterReader() {
                    @Override
                    public LoraCheck read(Path folder) throws IOException {
                        try {
                            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
                            TimeUnit.MILLISECONDS.sleep(5);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        String content = Files.readString(folder.resolve(TestArtifacts.FILE));
                        checked.add(TestArtifacts.digest(content));
                        return TestArtifacts.READER.read(folder);
                    }

                    @Override
                    public LoraCheck reopen(Path folder, AdapterDigest digest) throws IOException {
                        return TestArtifacts.READER.reopen(folder, digest);
                    }
                };
        ArtifactCache store = new ArtifactCache(root, source, reader, loadThreads);
        AdapterResidency residency =
                new AdapterResidency(engine, store, loadThreads, Clock.systemUTC());
        for (int i = 0; i < 100; i++) {
            AdapterDigest digest = publish("flood " + i);
            Thread.ofVirtual().start(() -> lease(residency, "flood", digest));
        }
        eventually(() -> residency.awaited().size() == 100);
        Thread other = Thread.ofVirtual().start(() -> lease(residency, "other", one));
        assertThat(here.await(60, TimeUnit.SECONDS)).isTrue();
        TimeUnit.MILLISECONDS.sleep(500); // its check is added a moment after it is fetched
        asked.countDown();

        assertThat(other.join(Duration.ofMinutes(1))).isTrue();
        assertThat(checked.indexOf(one)).isBetween(0, 20);
        eventually(() -> residency.awaited().isEmpty());
    }

    private static void lease(AdapterResidency residency, String tenant, AdapterDigest digest) {
        try {
            residency.lease(tenant, digest, soon()).close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void isTold(ArtifactCache store) throws Exception {
        AdapterResidency residency =
                new AdapterResidency(engine, store, loadThreads, Clock.systemUTC());
        assertThatThrownBy(() -> residency.lease(publish("a"), soon()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("it nests too deeply")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.REQUEST_FAILED);
        assertThat(residency.awaited()).isEmpty();
    }

    @Test
    void fetchesAgainWhatWasTamperedWithAfterItsCheck() throws Exception {
        AdapterResidency residency = residency();
        AdapterDigest a = publish("a");
        residency.lease(a, soon()).close();
        residency.lease(publish("b"), soon()).close();
        residency.lease(publish("c"), soon()).close();
        Files.writeString(root.resolve(a.hex()).resolve(TestArtifacts.FILE), "tampered");

        assertThatThrownBy(() -> residency.lease(a, soon())).hasMessageContaining("its files are");
        residency.lease(a, soon()).close();
        assertThat(residency.resident()).contains(a);
    }

    /** More adapters than slots, many threads: everybody gets what he asks for, in bounded time. */
    @Test
    void servesMoreAdaptersThanSlotsToManyThreads() throws Exception {
        AdapterResidency residency = residency();
        List<Callable<Integer>> users = new ArrayList<>();
        for (int user = 0; user < 24; user++) {
            long seed = user;
            users.add(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                for (int i = 0; i < 40; i++) {
                    AdapterDigest one = publish("adapter-" + random.nextInt(6));
                    try (AdapterLease lease = residency.lease(one, soon())) {
                        assertThat(lease).isNotNull();
                        assertThat(residency.resident()).contains(one);
                    }
                }
                return 40;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> user : threads.invokeAll(users, 180, TimeUnit.SECONDS)) {
                assertThat(user.get()).isEqualTo(40);
            }
        }
        assertThat(residency.awaited()).isEmpty();
    }

    @Test
    void loadsAheadIntoASlotThatNobodyUses() throws Exception {
        AdapterResidency residency = residency();
        AdapterLease used = residency.lease(publish("a"), soon());
        residency.lease(publish("b"), soon()).close();

        assertThat(residency.bring(publish("c"), soon())).isTrue();
        assertThat(engine.slotLog)
                .endsWith(
                        "unload " + publish("b").abbreviated(),
                        "load " + publish("c").abbreviated());
        used.close();
    }

    /** It waits for no slot, so that no adapter in use has to leave for it. */
    @Test
    void fetchesOnlyWhileRequestsUseAllSlots() throws Exception {
        AdapterResidency residency = residency();
        AdapterLease a = residency.lease(publish("a"), soon());
        AdapterLease b = residency.lease(publish("b"), soon());

        assertThat(residency.bring(publish("c"), soon())).isFalse();
        assertThat(residency.resident()).containsExactly(publish("a"), publish("b"));
        assertThat(residency.onDisk()).containsKey(publish("c"));
        a.close();
        b.close();
    }

    @Test
    void countsWhatBecameOfOrdersToLoadAhead() throws Exception {
        AdapterResidency residency = residency();
        AheadLoads ahead = new AheadLoads(residency, base(), Duration.ofSeconds(30));
        away.set(true);
        assertThat(ahead.begin(TestArtifacts.digest("unknown"))).isTrue();
        eventually(() -> ahead.orders(AheadLoads.Outcome.FAILED) == 1);
        away.set(false);

        eventually(() -> ahead.begin(publish("a")));
        eventually(() -> ahead.orders(AheadLoads.Outcome.LOADED) == 1);
        assertThat(ahead.begin(publish("a"))).isFalse();
        assertThat(ahead.orders(AheadLoads.Outcome.HELD)).isEqualTo(1);
    }

    /** The worker ran another base before, or the gateway thinks of one. */
    @Test
    void loadsNothingAheadThatIsOfAnotherBaseOrMayBe() throws Exception {
        AdapterResidency residency = residency();
        CatalogView names = new CatalogView();
        AheadLoads ahead =
                new AheadLoads(residency, new BaseAdapters(names, "qwen"), Duration.ofSeconds(30));
        assertThat(ahead.begin(publish("a"))).as("nothing is known yet").isFalse();

        names.apply(SomeBases.snapshot(publish("a"), publish("b")));

        assertThat(ahead.begin(publish("b"))).isFalse();
        assertThat(ahead.orders(AheadLoads.Outcome.FAILED)).isEqualTo(2);
        assertThat(ahead.begin(publish("a"))).isTrue();
        eventually(() -> ahead.orders(AheadLoads.Outcome.LOADED) == 1);
        assertThat(residency.onDisk()).containsOnlyKeys(publish("a"));
    }

    /** As long as it is kept nobody else gets the slot, however long he waits. */
    @Test
    void aLeaseThatIsKeptIsWantedOnceOthersWaitForItsSlot() throws Exception {
        AdapterResidency residency = residency();
        AdapterLease pin = residency.pin(publish("a"), soon());
        AdapterLease kept = residency.lease(publish("b"), soon());
        assertThat(kept.isWanted()).isFalse();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<AdapterLease> waits =
                    threads.submit(() -> residency.lease(publish("c"), soon()));
            eventually(kept::isWanted);
            assertThat(pin.isWanted()).isFalse();
            kept.close();
            assertThat(kept.isWanted()).isFalse();
            waits.get(60, TimeUnit.SECONDS).close();
        }
        pin.close();
    }

    @Test
    void loadsNothingAheadWhileRequestsWait() throws Exception {
        AdapterResidency residency = residency();
        AheadLoads ahead = new AheadLoads(residency, base(), Duration.ofSeconds(30));
        AdapterLease a = residency.lease(publish("a"), soon());
        AdapterLease b = residency.lease(publish("b"), soon());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<AdapterLease> waits =
                    threads.submit(() -> residency.lease(publish("c"), soon()));
            eventually(() -> !residency.awaited().isEmpty());

            assertThat(ahead.begin(publish("d"))).isFalse();
            assertThat(ahead.orders(AheadLoads.Outcome.BUSY)).isEqualTo(1);
            a.close();
            waits.get(60, TimeUnit.SECONDS).close();
        }
        b.close();
    }

    private static BaseAdapters base() {
        CatalogView names = new CatalogView();
        names.apply(new CatalogEvent.Snapshot(1, List.of()));
        return new BaseAdapters(names, "qwen");
    }

    private AdapterDigest publish(String content) {
        AdapterDigest digest = TestArtifacts.digest(content);
        catalog.put(digest, content);
        return digest;
    }

    private AdapterResidency residency() {
        ArtifactSource source =
                (digest, folder) -> {
                    String content = catalog.get(digest);
                    if (away.get() || content == null) {
                        throw new IOException("the catalog is away");
                    }
                    Files.writeString(folder.resolve(TestArtifacts.FILE), content);
                };
        ArtifactCache store = new ArtifactCache(root, source, TestArtifacts.READER, loadThreads);
        return new AdapterResidency(engine, store, loadThreads, Clock.systemUTC());
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        Deadline deadline = soon();
        while (!condition.getAsBoolean()) {
            assertThat(deadline.left()).as("waiting for a condition").isPositive();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private static Deadline soon() {
        return after(Duration.ofMinutes(1));
    }

    private static Deadline after(Duration wait) {
        return Deadline.after(wait);
    }
}
