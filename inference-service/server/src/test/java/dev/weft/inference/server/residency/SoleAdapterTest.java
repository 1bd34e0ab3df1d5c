package dev.weft.inference.server.residency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SoleAdapterTest {
    private static final AdapterDigest SQL = new AdapterDigest("a".repeat(64));
    private static final AdapterDigest JSON = new AdapterDigest("b".repeat(64));

    private static final LoraFacts FACTS =
            new LoraFacts(8, 16, false, new TreeSet<>(Set.of(LinearModule.Q)), "BF16", 4096);

    private final ScriptedEngine engine = new ScriptedEngine(4, _ -> List.of());
    private final CatalogView names = new CatalogView();
    private final Set<AdapterDigest> leased = new HashSet<>();
    private final Loops loops = new Loops();
    private final Semaphore merged = new Semaphore(0);
    private boolean unavailable;
    private int failures;
    private long nanos;
    private BooleanSupplier wanted = () -> false;
    private final SoleAdapter sole =
            new SoleAdapter(
                    engine,
                    this::lease,
                    new BaseAdapters(names, "qwen"),
                    Duration.ofSeconds(1),
                    () -> nanos,
                    loops);

    @Test
    void theOnlyAdapterIsMergedUntilASecondOneComes() throws InterruptedException {
        sole.look();
        names.apply(new CatalogEvent.Snapshot(1, List.of()));
        sole.look();
        assertThat(engine.slotLog).isEmpty();

        names.apply(new CatalogEvent.Published(2, entry("sql", SQL)));
        sole.look();
        sole.look();
        assertThat(engine.slotLog).containsExactly("merge " + SQL.abbreviated());
        assertThat(leased).containsExactly(SQL);

        names.apply(new CatalogEvent.Published(3, entry("json", JSON)));
        sole.look();
        assertThat(engine.slotLog).containsExactly("merge " + SQL.abbreviated(), "unmerge");
        assertThat(leased).isEmpty();

        names.apply(new CatalogEvent.Withdrawn(4, AdapterId.of("sql")));
        sole.look();
        assertThat(engine.slotLog).endsWith("merge " + JSON.abbreviated());
        assertThat(leased).containsExactly(JSON);
    }

    @Test
    void aNewVersionOfTheOnlyAdapterTakesTheOldOnesPlace() throws InterruptedException {
        names.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", SQL))));
        sole.look();
        names.apply(new CatalogEvent.Published(2, entry("sql", JSON)));
        sole.look();
        assertThat(engine.slotLog)
                .containsExactly(
                        "merge " + SQL.abbreviated(), "unmerge", "merge " + JSON.abbreviated());
        assertThat(leased).containsExactly(JSON);
    }

    /** With one slot, say, and a request for an older version of it. */
    @Test
    void theMergedAdapterMakesRoomForOthersAndIsMergedAgainAfterARest()
            throws InterruptedException {
        names.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", SQL))));
        sole.look();
        wanted = () -> !leased.isEmpty();
        sole.look();
        assertThat(engine.slotLog).containsExactly("merge " + SQL.abbreviated(), "unmerge");
        assertThat(leased).isEmpty();

        wanted = () -> false;
        nanos += TimeUnit.MINUTES.toNanos(9);
        names.apply(new CatalogEvent.TokenChanged(2, "0".repeat(64)));
        sole.look();
        assertThat(engine.slotLog).hasSize(2);

        nanos += TimeUnit.MINUTES.toNanos(1);
        sole.look();
        assertThat(engine.slotLog)
                .containsExactly(
                        "merge " + SQL.abbreviated(), "unmerge", "merge " + SQL.abbreviated());
        assertThat(leased).containsExactly(SQL);
    }

    @Test
    void anotherOnlyAdapterIsMergedWhileTheFormerOneRests() throws InterruptedException {
        names.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", SQL))));
        sole.look();
        wanted = () -> true;
        sole.look();
        wanted = () -> false;
        names.apply(new CatalogEvent.Published(2, entry("sql", JSON)));
        sole.look();
        assertThat(engine.slotLog).endsWith("unmerge", "merge " + JSON.abbreviated());
    }

    @Test
    void aMergeIsGivenUpIfTheSlotIsWantedMeanwhile() throws InterruptedException {
        engine.mergesUntilUnmerged = true;
        wanted = () -> engine.slotLog.contains("merge " + SQL.abbreviated());
        names.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", SQL))));
        sole.look();
        assertThat(engine.slotLog).startsWith("merge " + SQL.abbreviated(), "unmerge");
        assertThat(leased).isEmpty();
        sole.look();
        assertThat(engine.slotLog).containsOnlyOnce("merge " + SQL.abbreviated());
    }

    @Test
    void anAdapterThatCantBeHadIsLeftAlone() throws InterruptedException {
        unavailable = true;
        names.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", SQL))));
        sole.look();
        assertThat(engine.slotLog).isEmpty();
        assertThat(leased).isEmpty();
    }

    @Test
    void looksOnAfterAFailureThatNobodyThoughtOf() throws InterruptedException {
        failures = 1;
        names.apply(new CatalogEvent.Snapshot(1, List.of(entry("sql", SQL))));
        sole.start();
        try (sole) {
            assertThat(merged.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(loops.failures()).containsEntry("sole-adapter", 1L);
    }

    private AdapterLease lease(AdapterDigest digest, Deadline deadline) {
        if (unavailable) {
            throw new ApiException(ErrorCode.ADAPTER_UNAVAILABLE, "gone");
        }
        if (failures-- > 0) {
            throw new IllegalStateException("nobody thought of it");
        }
        leased.add(digest);
        merged.release();
        return new AdapterLease() {
            @Override
            public boolean isWanted() {
                return wanted.getAsBoolean();
            }

            @Override
            public void close() {
                leased.remove(digest);
            }
        };
    }

    private static CatalogEntry entry(String name, AdapterDigest digest) {
        return new CatalogEntry(AdapterId.of(name), digest, FACTS, "FILE:" + name, Instant.EPOCH);
    }
}
