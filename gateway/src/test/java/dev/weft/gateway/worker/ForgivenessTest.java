package dev.weft.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForgivenessTest {
    private static WorkerSnapshot worker(int port, String base, double share) {
        return worker(port, base, share, true);
    }

    private static WorkerSnapshot worker(int port, String base, double share, boolean ready) {
        return new WorkerSnapshot(
                URI.create("http://10.0.0." + port + ":8082"),
                ready,
                Map.of(base, "x"),
                0,
                Set.of(),
                null,
                share);
    }

    private static List<Double> shares(String base, WorkerSnapshot... workers) {
        return shares(base, "", workers);
    }

    private static List<Double> shares(String base, String path, WorkerSnapshot... workers) {
        List<WorkerSnapshot> all = List.of(workers);
        AskedPath asked = AskedPath.of(path).among(base, all);
        return Forgiveness.among(base, asked, all).stream().map(WorkerSnapshot::share).toList();
    }

    @Test
    void aMinorityIsKeptFromRequests() {
        assertThat(shares("a", worker(1, "a", 0), worker(2, "a", 1))).containsExactly(0.0, 1.0);
        assertThat(shares("a", worker(1, "a", 0), worker(2, "a", 0.3), worker(3, "a", 1)))
                .containsExactly(1.0, 1.0, 1.0);
    }

    @Test
    void workersOfAnotherBaseMakeNoMajority() {
        assertThat(
                        shares(
                                "a",
                                worker(1, "a", 0),
                                worker(2, "b", 1),
                                worker(3, "b", 1),
                                worker(4, "b", 1)))
                .containsExactly(1.0, 1.0, 1.0, 1.0);
        WorkerSnapshot[] several = {
            worker(1, "a", 0), worker(2, "a", 1), worker(3, "b", 0), worker(4, "c", 0)
        };
        assertThat(shares("a", several)).containsExactly(0.0, 1.0, 0.0, 0.0);
        assertThat(shares("b", several)).containsExactly(0.0, 1.0, 1.0, 0.0);
    }

    /** Five failing requests for vectors would else have them refused to everybody. */
    @Test
    void workersOfOtherPathsMakeNoMajority() {
        WorkerSnapshot[] workers = {
            serving(1, "/v1/chat/completions", 1),
            serving(2, "/v1/chat/completions", 0),
            serving(3, "/v1/embeddings", 0)
        };
        assertThat(shares("a", "/v1/embeddings", workers)).containsExactly(1.0, 0.0, 1.0);
        assertThat(shares("a", "/v1/chat/completions", workers)).containsExactly(1.0, 0.0, 0.0);
    }

    private static WorkerSnapshot serving(int port, String path, double share) {
        WorkerLoad load = new WorkerLoad(1, 0, Map.of(), 0, 0, 0);
        WorkerState state = new WorkerState(false, 1, Map.of(), Set.of(path), load);
        return new WorkerSnapshot(
                URI.create("http://10.0.0." + port + ":8082"),
                true,
                Map.of("a", "x"),
                0,
                Set.of(),
                ToldState.of(state, 0),
                share);
    }

    /** A worker that is away can't take over. */
    @Test
    void onlyReadyWorkersCount() {
        assertThat(shares("a", worker(1, "a", 0), worker(2, "a", 1, false)))
                .containsExactly(1.0, 1.0);
    }
}
