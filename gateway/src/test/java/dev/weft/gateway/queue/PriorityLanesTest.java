package dev.weft.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityLanesTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String VECTORS = "/v1/embeddings";

    private static final BaseQueue NOWHERE =
            new BaseQueue(
                    "base",
                    new Crowd.Bounds(0, 0, Duration.ZERO, Duration.ZERO),
                    _ -> 1,
                    () -> new FreeRoom("base", List.of(), _ -> 0),
                    () -> 0,
                    new QueueMetrics(new SimpleMeterRegistry()));

    private final Map<String, Integer> weights = new HashMap<>();
    private final PriorityLanes lanes =
            new PriorityLanes(tenant -> weights.getOrDefault(tenant, 1));

    private QueuePlace add(String tenant, Priority priority) {
        return add(tenant, priority, CHAT);
    }

    private QueuePlace add(String tenant, Priority priority, String path) {
        QueuePlace place =
                new QueuePlace(NOWHERE, new Newcomer(tenant, priority, path, 1), 0, null);
        lanes.add(place);
        return place;
    }

    private void add(String tenant, int count) {
        for (int i = 0; i < count; i++) {
            add(tenant, Priority.NORMAL);
        }
    }

    private @Nullable QueuePlace nextPlace() {
        return lanes.next(_ -> true);
    }

    private String next() {
        QueuePlace next = nextPlace();
        return next == null ? "" : next.who().tenant();
    }

    private List<String> all() {
        return Stream.generate(this::next).takeWhile(name -> !name.isEmpty()).toList();
    }

    @Test
    void tenantsTakeTurnsHoweverManyOneHas() {
        add("flood", 100);
        add("a", 2);
        add("b", 1);
        assertThat(all().subList(0, 6)).containsExactly("flood", "a", "b", "flood", "a", "flood");
    }

    @Test
    void aTurnHasAsManyRequestsAsTheTenantsWeight() {
        weights.put("big", 3);
        add("small", 3);
        add("big", 6);
        assertThat(all())
                .containsExactly(
                        "small", "big", "big", "big", "small", "big", "big", "big", "small");
    }

    @Test
    void requestsOfATenantGoInTheirOrder() {
        QueuePlace first = add("a", Priority.NORMAL);
        QueuePlace second = add("a", Priority.NORMAL);
        QueuePlace third = add("a", Priority.NORMAL);
        assertThat(lanes.remove(second)).isTrue();
        assertThat(lanes.remove(second)).isFalse();
        assertThat(nextPlace()).isSameAs(first);
        assertThat(nextPlace()).isSameAs(third);
        assertThat(nextPlace()).isNull();
        assertThat(lanes.size()).isZero();
    }

    @Test
    void whoMayNotGoIsPassedOverAndKeepsItsTurn() {
        weights.put("a", 2);
        QueuePlace vectors = add("a", Priority.NORMAL, VECTORS);
        QueuePlace chat = add("a", Priority.NORMAL);
        QueuePlace other = add("b", Priority.NORMAL);
        assertThat(lanes.next(CHAT::equals)).isSameAs(chat);
        assertThat(lanes.next(CHAT::equals)).isSameAs(other);
        assertThat(lanes.next(CHAT::equals)).isNull();
        add("b", Priority.NORMAL);
        assertThat(nextPlace()).isSameAs(vectors);
        assertThat(lanes.size()).isEqualTo(1);
    }

    /** Nobody was preferred to it. */
    @Test
    void aPriorityOfWhichNoneMayGoIsNotPassedOver() {
        QueuePlace low = add("low", Priority.LOW, VECTORS);
        for (int i = 0; i < 20; i++) {
            add("high", Priority.HIGH);
            lanes.next(CHAT::equals);
        }
        QueuePlace high = add("high", Priority.HIGH);
        assertThat(nextPlace()).isSameAs(high);
        assertThat(nextPlace()).isSameAs(low);
    }

    @Test
    void higherPrioritiesGoFirst() {
        add("low", Priority.LOW);
        add("normal", Priority.NORMAL);
        add("high", Priority.HIGH);
        assertThat(all()).containsExactly("high", "normal", "low");
    }

    @Test
    void noPriorityIsPassedOverMoreThanSoOften() {
        for (int i = 0; i < 50; i++) {
            add("low", Priority.LOW);
            add("normal", Priority.NORMAL);
            add("high", Priority.HIGH);
        }
        List<String> order = all().subList(0, 50);
        assertThat(order).startsWith("high", "high", "high", "high");
        for (String each : List.of("low", "normal")) {
            int passed = 0;
            for (String served : order) {
                passed = served.equals(each) ? 0 : passed + 1;
                assertThat(passed).as(each + " in " + order).isLessThanOrEqualTo(9);
            }
        }
        assertThat(order.stream().filter("high"::equals).count()).isGreaterThanOrEqualTo(38);
    }

    /** Whatever others have waiting, a tenant's k-th request goes within k rounds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aTenantWaitsForNoMoreThanItsRounds(long seed) {
        Random random = new Random(seed);
        List<String> tenants = List.of("a", "b", "c", "d");
        tenants.forEach(tenant -> weights.put(tenant, 1 + random.nextInt(4)));
        for (int i = 0; i < 400; i++) {
            add(tenants.get(random.nextInt(1 + random.nextInt(4))), 1);
        }
        for (int i = 0; i < random.nextInt(50); i++) {
            next();
        }
        int round = tenants.stream().mapToInt(weights::get).sum();
        List<QueuePlace> mine = new ArrayList<>();
        weights.put("me", 2);
        for (int i = 0; i < 10; i++) {
            mine.add(add("me", Priority.NORMAL));
        }
        int served = 0;
        for (QueuePlace next = nextPlace(); next != null; next = nextPlace()) {
            served++;
            int at = mine.indexOf(next);
            if (at >= 0) {
                assertThat(served).isLessThanOrEqualTo((at / 2 + 1) * round + at + 1);
            }
        }
        assertThat(served).isGreaterThan(300);
    }
}
