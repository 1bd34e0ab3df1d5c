package dev.weft.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerState;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedWorkerTest {
    private static final SimulatedAdapters ADAPTERS = new SimulatedAdapters(1);

    private final Clockwork clock = new Clockwork();
    private final SimulatedWorker worker =
            new SimulatedWorker(
                    new SimulatedFleet.Worker(1, 1, 1, SimulatedFleet.Times.DEFAULT),
                    clock,
                    new SimulationOutcome());

    private WorkerState news() {
        WorkerState news = worker.news(ADAPTERS).orElseThrow();
        assertThat(worker.news(ADAPTERS)).isEmpty();
        return news;
    }

    @Test
    void tellsItsStateOnceAfterEachChange() {
        assertThat(news().held()).isEmpty();
        worker.take(new SimulatedRequest(0, 0, 10, 10), () -> {});
        WorkerState waits = news();
        assertThat(waits.held()).isEqualTo(Map.of(ADAPTERS.digest(0), Tier.SLOT));
        assertThat(waits.load().waitingRequests()).isEqualTo(1);
        clock.next();
        assertThat(news().load().running()).isEqualTo(1);
        clock.next();
        assertThat(news().load().requests()).isZero();
    }
}
