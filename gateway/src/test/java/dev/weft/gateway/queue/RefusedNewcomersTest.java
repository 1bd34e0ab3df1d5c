package dev.weft.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.holder.Priority;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.error.ApiException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is refused changes nobody's turn. */
class RefusedNewcomersTest {
    private static final int MOST_BYTES = 1_000;

    private final Map<String, Integer> weights = new HashMap<>();
    private final WorkerSnapshot worker =
            new WorkerSnapshot(
                    URI.create("http://w:1"), true, Map.of("small", "x"), 0, Set.of(), null, 1);
    private final BaseQueue queue =
            new BaseQueue(
                    "small",
                    new Crowd.Bounds(20, MOST_BYTES, Duration.ofMinutes(1), Duration.ofMinutes(1)),
                    tenant -> weights.getOrDefault(tenant, 1),
                    () -> new Rooms(0, 1).of("small", List.of(worker)),
                    () -> 0,
                    new QueueMetrics(new SimpleMeterRegistry()));
    private final List<QueuePlace> waiting = new ArrayList<>();

    private QueuePlace enter(String tenant, Priority priority) {
        QueuePlace place = queue.enter(new Newcomer(tenant, priority, "/v1/chat/completions", 10));
        waiting.add(place);
        return place;
    }

    /** It is larger than all that may wait, whoever goes for it. */
    private void refuseOne() {
        assertThatThrownBy(() ->
                        queue.enter(
                                new Newcomer(
                                        "c",
                                        Priority.NORMAL,
                                        "/v1/chat/completions",
                                        MOST_BYTES + 1)))
                .isInstanceOf(ApiException.class);
    }

    /** The one that gets the next worker. */
    private QueuePlace next() {
        queue.admit();
        List<QueuePlace> gone =
                waiting.stream().filter(place -> place.admitted().isDone()).toList();
        assertThat(gone).hasSize(1);
        waiting.removeAll(gone);
        gone.getFirst().close();
        return gone.getFirst();
    }

    @Test
    void tenantsKeepTheirOrder() {
        QueuePlace first = enter("a", Priority.LOW);
        QueuePlace second = enter("b", Priority.LOW);
        refuseOne();
        assertThat(next()).isSameAs(first);
        assertThat(next()).isSameAs(second);
    }

    @Test
    void aTenantKeepsWhatIsLeftOfItsTurn() {
        weights.put("a", 2);
        QueuePlace first = enter("a", Priority.LOW);
        QueuePlace second = enter("a", Priority.LOW);
        QueuePlace third = enter("a", Priority.LOW);
        QueuePlace other = enter("b", Priority.LOW);
        assertThat(next()).isSameAs(first);
        refuseOne();
        assertThat(next()).isSameAs(second);
        refuseOne();
        assertThat(next()).isSameAs(other);
        assertThat(next()).isSameAs(third);
    }

    @Test
    void aLaneThatIsDueIsDueAfterIt() {
        QueuePlace low = enter("a", Priority.LOW);
        for (int i = 0; i < PriorityLanes.MOST_PASSED; i++) {
            QueuePlace high = enter("b", Priority.HIGH);
            assertThat(next()).isSameAs(high);
        }
        QueuePlace high = enter("b", Priority.HIGH);
        refuseOne();
        assertThat(next()).isSameAs(low);
        assertThat(next()).isSameAs(high);
    }
}
