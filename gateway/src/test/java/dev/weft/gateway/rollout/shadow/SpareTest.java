package dev.weft.gateway.rollout.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpareTest {
    private static final AdapterDigest CANDIDATE = new AdapterDigest("0".repeat(64));

    private static WorkerSnapshot worker(int inFlight, @Nullable ToldState told) {
        return new WorkerSnapshot(
                URI.create("http://w:1"), true, Map.of("base", "x"), inFlight, Set.of(), told, 1);
    }

    private static ToldState told(int rows, int running, int waiting) {
        WorkerLoad load = new WorkerLoad(rows, running, Map.of("t", waiting), 0, 0, 0);
        return ToldState.of(new WorkerState(false, 1, Map.of(), load), 0);
    }

    private static boolean hasRoom(WorkerSnapshot worker) {
        return !Spare.of(List.of(worker), CANDIDATE).isEmpty();
    }

    @Test
    void aCopyTakesARowThatIsFree() {
        assertThat(hasRoom(worker(0, told(2, 1, 0)))).isTrue();
        assertThat(hasRoom(worker(0, told(2, 2, 0)))).isFalse();
        assertThat(Spare.isShort(worker(0, told(2, 2, 0)))).isFalse();
        assertThat(Spare.isShort(worker(0, told(2, 2, 1)))).isTrue();
    }

    @Test
    void aCopyHasAWorkerForItselfWhoseRowsNobodyKnows() {
        assertRoomForOne(null);
        assertRoomForOne(told(0, 0, 0));
        assertThat(hasRoom(worker(0, told(0, 1, 0)))).as("another gateway's request").isFalse();
    }

    private static void assertRoomForOne(@Nullable ToldState told) {
        assertThat(hasRoom(worker(0, told))).isTrue();
        assertThat(hasRoom(worker(1, told))).isFalse();
        assertThat(Spare.isShort(worker(1, told))).isFalse();
        assertThat(Spare.isShort(worker(2, told))).isTrue();
    }

    @Test
    void aWorkerWhoseStateIsStaleIsFull() {
        for (int rows : new int[] {0, 2}) {
            ToldState stale = told(rows, 0, 0).old();
            assertThat(hasRoom(worker(0, stale))).isFalse();
            assertThat(Spare.isShort(worker(0, stale))).isTrue();
        }
    }
}
