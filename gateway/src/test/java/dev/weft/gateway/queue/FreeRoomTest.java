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
import org.junit.jupiter.api.Test;

class FreeRoomTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final String VECTORS = "/v1/embeddings";

    /** Three for chats, one for chats and messages, one for vectors. */
    private static FreeRoom room(int... rooms) {
        return room(
                List.of(
                        worker(0, 1, CHAT),
                        worker(1, 1, CHAT),
                        worker(2, 1, CHAT),
                        worker(3, 1, CHAT, MESSAGES),
                        worker(4, 1, VECTORS)),
                rooms);
    }

    private static FreeRoom room(List<WorkerSnapshot> workers, int... rooms) {
        return new FreeRoom(
                "base",
                workers,
                worker -> worker.share() > 0 ? rooms[worker.address().getPort()] : 0);
    }

    private static WorkerSnapshot worker(int port, double share, String... paths) {
        WorkerLoad load = new WorkerLoad(1, 0, Map.of(), 0, 0, 0);
        WorkerState state = new WorkerState(false, 1, Map.of(), Set.of(paths), load);
        return new WorkerSnapshot(
                URI.create("http://w:" + port),
                true,
                Map.of("base", "x"),
                0,
                Set.of(),
                ToldState.of(state, 0),
                share);
    }

    @Test
    void countsWorkersThatServeThePath() {
        FreeRoom room = room(1, 2, 0, 1, 7);
        assertThat(room.left(CHAT)).isEqualTo(4);
        assertThat(room.left(MESSAGES)).isEqualTo(1);
        assertThat(room.left(VECTORS)).isEqualTo(7);
        assertThat(room.left("/v1/completions")).as("which any of them refuses").isEqualTo(11);
    }

    /** Whoever serves other paths can't take its requests. */
    @Test
    void theOnlyWorkerOfAPathHasItsRoomThoughItFails() {
        List<WorkerSnapshot> workers =
                List.of(worker(0, 1, CHAT), worker(1, 0, CHAT), worker(2, 0, VECTORS));
        FreeRoom room = room(workers, 4, 4, 4);
        assertThat(room.left(CHAT)).isEqualTo(4);
        assertThat(room.left(VECTORS)).isEqualTo(4);
    }

    @Test
    void whatIsTakenIsGoneExactlyWhereAllServeThePath() {
        FreeRoom room = room(1, 1, 0, 1, 1);
        room.take(CHAT, 2);
        assertThat(room.has(CHAT)).isTrue();
        room.take(CHAT, 1);
        assertThat(room.has(CHAT)).isFalse();
        assertThat(room.has(VECTORS)).isTrue();
    }

    @Test
    void aWorkerIsRatherFreeWhileThereIsMoreRoomElsewhere() {
        FreeRoom room = room(1, 1, 1, 1, 0);
        room.take(CHAT, 2);
        assertThat(room.has(MESSAGES)).isTrue();
        room.take(CHAT, 1);
        assertThat(room.has(MESSAGES)).isFalse();
    }

    @Test
    void requestsOnTheWayToFullWorkersTakeNothingFromOthers() {
        FreeRoom room = room(0, 0, 0, 0, 2);
        room.take(CHAT, 5);
        assertThat(room.left(VECTORS)).isEqualTo(2);
        assertThat(room.has(CHAT)).isFalse();
    }
}
