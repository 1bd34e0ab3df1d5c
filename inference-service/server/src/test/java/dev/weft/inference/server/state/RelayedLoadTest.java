package dev.weft.inference.server.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.server.beside.RelayedRequests;
import dev.weft.protocol.worker.WorkerLoad;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RelayedLoadTest {
    private final RelayedRequests requests = new RelayedRequests();
    private final AtomicLong nanos = new AtomicLong();
    private Optional<ServerLoad.Told> told = Optional.empty();
    private final RelayedLoad load = new RelayedLoad(requests::counts, () -> told, nanos::get);

    @Test
    void isWhoseRequestsItHasAsLongAsTheServerSaysNothing() {
        requests.begin("a");
        long second = requests.begin("b");
        WorkerLoad now = load.load();
        assertThat(now.rows()).isZero();
        assertThat(now.holders().byTenant()).isEqualTo(Map.of("a", 1, "b", 1));
        assertThat(now.waitingRequests()).isZero();
        requests.end(second);
        assertThat(load.load().running()).isEqualTo(1);
    }

    @Test
    void takesTheLastRequestsForThoseThatWait() {
        requests.begin("a");
        requests.begin("a");
        requests.begin("b");
        requests.begin("c");
        told = Optional.of(new ServerLoad.Told(2, 0.256, 0.0124, ServerLoad.Tokens.UNKNOWN));
        WorkerLoad now = load.load();
        assertThat(now.rows()).isZero();
        assertThat(now.holders()).isEqualTo(new WorkerLoad.Holders(2, Map.of("a", 2)));
        assertThat(now.queue()).isEqualTo(new WorkerLoad.Queue(Map.of("b", 1, "c", 1), 2));
        assertThat(now.kvUsage()).isEqualTo(0.26);
        assertThat(now.stepSeconds()).isEqualTo(0.012);
    }

    @Test
    void hasNoMoreThatWaitThanRequests() {
        requests.begin("a");
        told = Optional.of(new ServerLoad.Told(30, 1, 0, ServerLoad.Tokens.UNKNOWN));
        WorkerLoad now = load.load();
        assertThat(now.running()).isZero();
        assertThat(now.waiting()).isEqualTo(Map.of("a", 1));
    }

    @Test
    void saysHowLongRequestsHoldARow() {
        for (int i = 0; i < 30; i++) {
            long request = requests.begin("a");
            load.load();
            nanos.addAndGet(2_000_000_000L);
            told = Optional.of(new ServerLoad.Told(0, 0, 0, ServerLoad.Tokens.UNKNOWN));
            load.load();
            requests.end(request);
        }
        assertThat(load.load().rowSeconds()).isBetween(1.5, 2.5);
    }
}
