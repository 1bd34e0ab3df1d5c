package dev.weft.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static List<Double> shares(WorkerSnapshot... workers) {
        return Forgiveness.among(List.of(workers)).stream().map(WorkerSnapshot::share).toList();
    }

    @Test
    void aMinorityIsKeptFromRequests() {
        assertThat(shares(worker(1, "a", 0), worker(2, "a", 1))).containsExactly(0.0, 1.0);
        assertThat(shares(worker(1, "a", 0), worker(2, "a", 0.3), worker(3, "a", 1)))
                .containsExactly(1.0, 1.0, 1.0);
    }

    @Test
    void workersOfAnotherBaseMakeNoMajority() {
        assertThat(
                        shares(
                                worker(1, "a", 0),
                                worker(2, "b", 1),
                                worker(3, "b", 1),
                                worker(4, "b", 1)))
                .containsExactly(1.0, 1.0, 1.0, 1.0);
        assertThat(
                        shares(
                                worker(1, "a", 0),
                                worker(2, "a", 1),
                                worker(3, "b", 0),
                                worker(4, "c", 0)))
                .containsExactly(0.0, 1.0, 1.0, 1.0);
    }

    /** A worker that is away can't take over. */
    @Test
    void onlyReadyWorkersCount() {
        assertThat(shares(worker(1, "a", 0), worker(2, "a", 1, false))).containsExactly(1.0, 1.0);
    }
}
