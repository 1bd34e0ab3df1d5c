package dev.weft.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerSnapshotTest {
    private static final AdapterDigest MINE = new AdapterDigest("a".repeat(64));
    private static final AdapterDigest OTHER = new AdapterDigest("b".repeat(64));
    private static final AdapterDigest THIRD = new AdapterDigest("c".repeat(64));

    private static WorkerSnapshot worker(
            int inFlight, Set<AdapterDigest> asked, @Nullable ToldState told) {
        return new WorkerSnapshot(
                URI.create("http://w:1"), true, Map.of("base", "x"), inFlight, asked, told, 1);
    }

    private static ToldState told(int slots, Map<AdapterDigest, Tier> held, int running, int mine) {
        WorkerLoad load = new WorkerLoad(16, running, Map.of(), 0, 0, 0);
        return ToldState.of(new WorkerState(false, slots, held, load), mine);
    }

    @Test
    void whatThisAndOtherGatewaysGaveSinceTheStateCameCountsToo() {
        assertThat(worker(7, Set.of(), told(1, Map.of(), 10, 4)).requests()).isEqualTo(17);
        assertThat(worker(1, Set.of(), told(1, Map.of(), 10, 4)).requests()).isEqualTo(3);
        assertThat(worker(3, Set.of(), told(1, Map.of(), 0, 3)).requests()).isEqualTo(3);
        assertThat(worker(3, Set.of(), null).requests()).isEqualTo(3);
    }

    @Test
    void rowsComeFreeOneAfterTheOther() {
        WorkerLoad queue = new WorkerLoad(4, 4, Map.of("t", 2), 2, 0, 0);
        ToldState told = ToldState.of(new WorkerState(false, 1, Map.of(), queue), 3);
        assertThat(worker(3, Set.of(), told).waitSeconds()).isEqualTo(1.5);
        assertThat(worker(5, Set.of(), told).waitSeconds()).isEqualTo(3.5);
        assertThat(worker(0, Set.of(), told).waitSeconds()).isZero();
        assertThat(worker(20, Set.of(), told(1, Map.of(), 15, 15)).waitSeconds())
                .isCloseTo(0.625, within(1e-9));
        assertThat(worker(20, Set.of(), null).waitSeconds()).isZero();
    }

    /** A server beside the worker. */
    @Test
    void rowsThatNobodyToldAreThoseThatAreHeldWhileRequestsWait() {
        WorkerLoad busy = new WorkerLoad(0, 4, Map.of("t", 2), 2, 0, 0);
        ToldState told = ToldState.of(new WorkerState(false, 1, Map.of(), busy), 3);
        assertThat(worker(3, Set.of(), told).waitSeconds()).isEqualTo(1.5);
        WorkerLoad free = new WorkerLoad(0, 200, Map.of(), 2, 0, 0);
        ToldState none = ToldState.of(new WorkerState(false, 1, Map.of(), free), 3);
        assertThat(worker(3, Set.of(), none).waitSeconds()).isZero();
        WorkerLoad slots = new WorkerLoad(0, 0, Map.of("t", 5), 0, 0, 0);
        ToldState full = ToldState.of(new WorkerState(false, 1, Map.of(), slots), 5);
        assertThat(worker(5, Set.of(), full).waitSeconds()).isPositive();
    }

    @Test
    void anAdapterThatIsOnItsWayTakesItsSlot() {
        ToldState oneFree = told(2, Map.of(OTHER, Tier.SLOT), 0, 0);
        assertThat(worker(0, Set.of(), oneFree).residence(MINE)).isEqualTo(Residence.ROOM);
        assertThat(worker(1, Set.of(THIRD), oneFree).residence(MINE)).isEqualTo(Residence.EVICTS);
        assertThat(worker(1, Set.of(MINE), oneFree).residence(MINE)).isEqualTo(Residence.IN_SLOT);
        assertThat(worker(1, Set.of(OTHER), oneFree).residence(MINE)).isEqualTo(Residence.ROOM);
    }

    @Test
    void whatIsStaleIsFullWhateverItWasAskedFor() {
        ToldState stale = told(2, Map.of(MINE, Tier.SLOT), 0, 0).old();
        assertThat(worker(1, Set.of(MINE), stale).residence(MINE)).isEqualTo(Residence.EVICTS);
        assertThat(worker(0, Set.of(), stale).residence(MINE)).isEqualTo(Residence.EVICTS);
        assertThat(worker(0, Set.of(), stale).isStale()).isTrue();
        // one that never tells anything is not
        assertThat(worker(1, Set.of(MINE), null).residence(MINE)).isEqualTo(Residence.IN_SLOT);
        assertThat(worker(1, Set.of(MINE), null).isStale()).isFalse();
    }

    @Test
    void saysWhereTheAdapterIs() {
        Map<AdapterDigest, Tier> full = Map.of(OTHER, Tier.SLOT, MINE, Tier.HOST);
        WorkerSnapshot worker = worker(0, Set.of(), told(1, full, 0, 0));
        assertThat(worker.residence(OTHER)).isEqualTo(Residence.IN_SLOT);
        assertThat(worker.residence(MINE)).isEqualTo(Residence.IN_HOST);
        assertThat(worker.residence(THIRD)).isEqualTo(Residence.EVICTS);
        assertThat(worker(0, Set.of(), null).residence(MINE)).isEqualTo(Residence.UNKNOWN);
    }
}
