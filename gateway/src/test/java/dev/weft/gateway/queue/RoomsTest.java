package dev.weft.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoomsTest {
    private static final Rooms ROOMS = new Rooms(0.5, 20);

    private static WorkerSnapshot worker(
            boolean ready, String base, int inFlight, @Nullable ToldState told, double share) {
        return new WorkerSnapshot(
                URI.create("http://w:1"),
                ready,
                Map.of(base, "x"),
                inFlight,
                Set.of(),
                told,
                share);
    }

    private static ToldState told(int rows, int running, int waiting) {
        WorkerLoad load = new WorkerLoad(rows, running, Map.of("t", waiting), 0, 0, 0);
        return ToldState.of(new WorkerState(false, 1, Map.of(), load), 0);
    }

    private static int room(int inFlight, @Nullable ToldState told) {
        return room(List.of(worker(true, "base", inFlight, told, 1)));
    }

    private static int room(List<WorkerSnapshot> workers) {
        return (int) ROOMS.of("base", workers).left("/v1/chat/completions");
    }

    @Test
    void aWorkerHasRoomForItsRowsAndItsBacklog() {
        assertThat(room(0, told(5, 0, 0))).isEqualTo(8);
        assertThat(room(0, told(5, 5, 1))).isEqualTo(2);
        assertThat(room(0, told(5, 5, 9))).isZero();
    }

    @Test
    void requestsThatItHasNotToldYetCount() {
        assertThat(room(3, told(5, 0, 0))).isEqualTo(5);
        assertThat(room(9, told(5, 0, 0))).isZero();
    }

    @Test
    void aRequestThatWaitsWithManyChoicesTakesOnePlace() {
        WorkerLoad flood =
                new WorkerLoad(
                        5,
                        new WorkerLoad.Holders(5, Map.of()),
                        new WorkerLoad.Queue(Map.of("t", 300), 2),
                        0,
                        0,
                        0);
        WorkerState state = new WorkerState(false, 1, Map.of(), flood);
        assertThat(room(0, ToldState.of(state, 0))).isEqualTo(1);
        assertThat(room(3, ToldState.of(state, 3))).isEqualTo(1);
    }

    @Test
    void aWorkerWhoseRowsNobodyKnowsMayHaveSoMany() {
        assertThat(room(19, null)).isEqualTo(1);
        assertThat(room(25, null)).isZero();
        assertThat(room(0, told(0, 12, 0))).isEqualTo(8);
    }

    @Test
    void aStaleWorkerIsFullButForOneRequest() {
        assertThat(room(0, told(5, 0, 0).old())).isEqualTo(1);
        assertThat(room(1, told(5, 0, 0).old())).isZero();
    }

    @Test
    void workersThatCouldNotServeTheBaseHaveNoRoomForIt() {
        ToldState idle = told(2, 0, 0);
        List<WorkerSnapshot> workers =
                List.of(
                        worker(false, "base", 0, idle, 1),
                        worker(true, "other", 0, idle, 1),
                        worker(true, "base", 0, idle, 0),
                        worker(true, "base", 0, idle, 1),
                        worker(true, "base", 0, idle, 1),
                        worker(true, "base", 0, idle, 0.3));
        assertThat(room(workers)).isEqualTo(7);
    }

    /** Else a queue sends it, or others in its place, all that it would take when it is well. */
    @Test
    void aWorkerThatComesBackHasItsShareOfTheRoom() {
        ToldState ten = told(10, 0, 0);
        WorkerSnapshot full = worker(true, "base", 15, ten, 1);
        assertThat(room(List.of(full, worker(true, "base", 0, ten, 0.1)))).isEqualTo(2);
        assertThat(room(List.of(full, worker(true, "base", 2, ten, 0.1)))).isZero();
        assertThat(room(List.of(full, worker(true, "base", 2, ten, 0.6)))).isEqualTo(7);
        assertThat(room(List.of(full, worker(true, "base", 0, told(1, 0, 0), 0.1)))).isEqualTo(1);
        assertThat(ROOMS.withRoom(List.of(full, worker(true, "base", 2, ten, 0.1)))).isEmpty();
        assertThat(ROOMS.withRoom(List.of(worker(true, "base", 0, ten, 0)))).isEmpty();
    }

    @Test
    void workersHaveAllOfTheirRoomIfMostOfThemFail() {
        ToldState ten = told(10, 0, 0);
        assertThat(
                        room(
                                List.of(
                                        worker(true, "base", 0, ten, 0),
                                        worker(true, "base", 0, ten, 0.1))))
                .isEqualTo(30);
    }

    @Test
    void nothingIsCopiedWhileNoWorkerIsFull() {
        WorkerSnapshot full = worker(true, "base", 9, told(5, 0, 0), 1);
        WorkerSnapshot free = worker(true, "base", 0, told(5, 0, 0), 1);
        List<WorkerSnapshot> all = List.of(free, free);
        assertThat(ROOMS.withRoom(all)).isSameAs(all);
        assertThat(ROOMS.withRoom(List.of(full, free))).containsExactly(free);
        assertThat(ROOMS.withRoom(List.of(full))).isEmpty();
    }
}
