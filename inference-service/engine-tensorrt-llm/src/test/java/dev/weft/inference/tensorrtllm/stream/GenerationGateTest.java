package dev.weft.inference.tensorrtllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.fair.Backlog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class GenerationGateTest {
    private static final int ROWS = 4;

    /** One is handed over beyond the rows. */
    private static final int PLACES = 5;

    private final Queue<Runnable> events = new ArrayDeque<>();
    private final GenerationGate gate =
            new GenerationGate(ROWS, 1_000, new Backlog(ROWS, 6), events::add);
    private final List<One> inside = new ArrayList<>();
    private final List<One> refused = new ArrayList<>();

    private final class One implements GenerationGate.Guest {
        private final String tenant;

        One(String tenant) {
            this.tenant = tenant;
        }

        @Override
        public String tenant() {
            return tenant;
        }

        @Override
        public void enter() {
            inside.add(this);
        }

        @Override
        public void refuse() {
            refused.add(this);
            gate.leave(this);
        }
    }

    @Test
    void handsOverNoMoreThanKeepsTheBatchFullAndInOrder() {
        List<One> flood = arrive("flood", 8);
        assertThat(inside).isEqualTo(flood.subList(0, PLACES));
        leave(flood.get(2));
        assertThat(inside).isEqualTo(flood.subList(0, PLACES + 1));
    }

    @Test
    void whoComesIsNextHoweverManyOfAnotherWait() {
        List<One> flood = arrive("flood", 9);
        List<One> other = arrive("other", 1);
        leave(flood.getFirst());
        assertThat(inside.getLast()).isSameAs(other.getFirst());
        assertThat(refused).isEmpty();
    }

    @Test
    void whereTooManyWaitTheTenantWithTheMostLosesItsYoungest() {
        List<One> flood = arrive("flood", 10);
        arrive("other", 2);
        assertThat(refused).containsExactly(flood.get(9), flood.get(8));
    }

    @Test
    void oneThatLeavesWhileItWaitsIsNotHandedOver() {
        List<One> flood = arrive("flood", 7);
        leave(flood.get(5));
        leave(flood.get(0));
        assertThat(inside.getLast()).isSameAs(flood.get(6));
        leave(flood.get(5));
        assertThat(inside).hasSize(PLACES + 1);
    }

    @Test
    void oneThatLeavesAsSoonAsItEntersHoldsNobodyUp() {
        GenerationGate.Guest brief =
                new GenerationGate.Guest() {
                    @Override
                    public String tenant() {
                        return "short";
                    }

                    @Override
                    public void enter() {
                        gate.leave(this);
                    }

                    @Override
                    public void refuse() {}
                };
        gate.arrive(brief);
        arrive("a", PLACES);
        run();
        assertThat(inside).hasSize(PLACES);
    }

    private List<One> arrive(String tenant, int count) {
        List<One> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            One one = new One(tenant);
            all.add(one);
            gate.arrive(one);
        }
        return all;
    }

    private void leave(One one) {
        gate.leave(one);
        run();
    }

    private void run() {
        for (Runnable next = events.poll(); next != null; next = events.poll()) {
            next.run();
        }
    }
}
