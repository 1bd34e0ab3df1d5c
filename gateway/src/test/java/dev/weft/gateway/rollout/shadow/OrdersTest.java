package dev.weft.gateway.rollout.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.shadow.ShadowDemand;
import dev.weft.protocol.shadow.ShadowOrder;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrdersTest {
    /** Several that start at once may be one more than a catalog lets run. */
    @Test
    void oneShadowTooManyEndsNoOther() {
        Orders orders = new Orders(System::nanoTime);
        List<ShadowOrder> tooMany =
                IntStream.rangeClosed(1, ShadowDemand.MOST + 1)
                        .mapToObj(OrdersTest::order)
                        .toList();
        orders.take(tooMany);

        ShadowDemand demand = new ShadowDemand("gateway", orders.wanted());
        assertThat(demand.tokens()).hasSize(ShadowDemand.MOST).containsKeys(1L, 2L);
        orders.take(tooMany.subList(ShadowDemand.MOST, tooMany.size()));
        assertThat(orders.wanted()).containsOnlyKeys(ShadowDemand.MOST + 1L);
    }

    private static ShadowOrder order(int id) {
        return new ShadowOrder(
                id,
                new AdapterId("tenant-" + id, "production"),
                new ShadowOrder.Version("sql", 1),
                new ShadowOrder.Version("sql", 2),
                new ShadowOrder.Bounds(0.05, 2, 0),
                Duration.ofHours(1));
    }
}
