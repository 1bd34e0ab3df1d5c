package dev.weft.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GatewayViewTest {
    private static final SimulatedAdapters ADAPTERS = new SimulatedAdapters(3);
    private static final AdapterDigest RARE = ADAPTERS.digest(1);
    private static final AdapterDigest POPULAR = ADAPTERS.digest(2);

    private final GatewayView view = new GatewayView(2);

    private WorkerSnapshot first() {
        return view.snapshots().getFirst();
    }

    @Test
    void aWorkerIsSeenAsItIsAfterEachChange() {
        assertThat(first().inFlight()).isZero();
        view.given(0, RARE);
        assertThat(first().inFlight()).isEqualTo(1);
        assertThat(first().asked()).containsExactly(RARE);
        WorkerLoad load = new WorkerLoad(16, 5, Map.of("all", 2), 1, 0, 0);
        view.told(0, ToldState.of(new WorkerState(false, 4, Map.of(), load), 0));
        ToldState told = Objects.requireNonNull(first().told());
        assertThat(told).isEqualTo(ToldState.of(told.state(), 1));
        assertThat(first().requests()).isEqualTo(7);
        view.ended(0, RARE);
        assertThat(first().inFlight()).isZero();
        assertThat(first().asked()).isEmpty();
        assertThat(view.snapshots().getLast()).isEqualTo(new GatewayView(2).snapshots().getLast());
    }

    @Test
    void demandIsOfAdaptersThatManyRequestsUseWhereverTheyAre() {
        view.given(0, RARE);
        view.given(0, POPULAR);
        view.given(1, POPULAR);
        assertThat(view.demand(3)).isEmpty();
        view.given(1, POPULAR);
        URI one = first().address();
        URI two = view.snapshots().getLast().address();
        assertThat(view.demand(3)).isEqualTo(Map.of(POPULAR, Map.of(one, 1, two, 2)));
        view.ended(1, POPULAR);
        assertThat(view.demand(3)).isEmpty();
    }
}
