package dev.weft.gateway.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SettlementsTest {
    private final FakeStore store = new FakeStore();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Settlements settlements = new Settlements(store, later::add);

    private static Settlement tokens(long key, long tokens) {
        return new Settlement(key, null, 0, 100L, tokens, List.of());
    }

    @Test
    void nothingIsSentOrPlannedWhileTheyAreHeld() {
        settlements.add(tokens(7, 5));
        settlements.send(7);
        settlements.sendSome();
        settlements.sendAll();
        assertThat(store.settled).isEmpty();
        assertThat(later).isEmpty();
        settlements.release();
        settlements.send(7);
        assertThat(store.settled).containsExactly(tokens(7, 5));
    }

    @Test
    void theNewestLimitsHoldForTheSum() {
        settlements.add(new Settlement(7, 1L, 1, 100L, 5, List.of("a")));
        settlements.add(new Settlement(7, null, 0, 200L, -8, List.of("b")));
        settlements.release();
        settlements.sendSome();
        assertThat(store.settled)
                .containsExactly(new Settlement(7, 1L, 1, 200L, -3, List.of("a", "b")));
    }

    @Test
    void manyKeysGoInPieces() {
        for (int key = 0; key < 2 * Settlements.AT_ONCE + 1; key++) {
            settlements.add(tokens(key, 1));
        }
        settlements.release();
        settlements.sendSome();
        assertThat(store.settled).hasSize(Settlements.AT_ONCE);
        later.remove().run();
        assertThat(store.settled).hasSize(2 * Settlements.AT_ONCE);
        later.remove().run();
        assertThat(store.settled).hasSize(2 * Settlements.AT_ONCE + 1);
        assertThat(later).isEmpty();
    }

    @Test
    void keysOverTheMostAreNotKept() {
        for (int key = 0; key < Settlements.MOST_KEYS + 50; key++) {
            settlements.add(tokens(key, 1));
        }
        settlements.add(tokens(0, 1));
        settlements.release();
        settlements.sendAll();
        assertThat(store.settled).hasSize(Settlements.MOST_KEYS).contains(tokens(0, 2));
    }

    @Test
    void leasesOverTheMostAreNotKeptAndThereIsRoomAgainOnceTheyAreSent() {
        List<String> all =
                IntStream.range(0, Settlements.MOST_LEASES).mapToObj(i -> "g-" + i).toList();
        Settlement most = Settlement.of(7, all);
        settlements.add(most);
        settlements.add(new Settlement(8, null, 0, 100L, 5, List.of("more")));
        settlements.release();
        settlements.sendAll();
        assertThat(store.settled).containsExactlyInAnyOrder(most, tokens(8, 5));
        store.settled.clear();
        settlements.hold();
        settlements.add(most);
        settlements.release();
        settlements.sendAll();
        assertThat(store.settled).containsExactly(most);
    }
}
