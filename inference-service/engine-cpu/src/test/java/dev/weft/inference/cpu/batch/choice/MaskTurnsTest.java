package dev.weft.inference.cpu.batch.choice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class MaskTurnsTest {
    /** Runs what is given to it when it is told to, so that a test decides who waits. */
    private final Queue<Runnable> tickets = new ArrayDeque<>();

    private final MaskTurns turns = new MaskTurns(tickets::add);
    private final List<String> order = new ArrayList<>();
    private int number;

    @Test
    void aTenantWithOneMaskWaitsForOneMoreOfAnothersAtMost() {
        for (int i = 0; i < 5; i++) {
            add("many");
        }
        run();
        add("one");
        for (int i = 0; i < 5; i++) {
            run();
        }
        assertThat(order).containsExactly("many", "many", "one", "many", "many", "many");
    }

    @Test
    void masksThatWereGivenUpAreNotMade() {
        MaskTask first = add("a");
        add("b");
        first.giveUp();
        run();
        run();
        assertThat(order).containsExactly("b");
    }

    @Test
    void aTenantsMasksAreMadeInTheirOrder() {
        MaskTask first = add("a");
        MaskTask second = add("a");
        run();
        assertThat(first.await(System.nanoTime())).isNotNull();
        assertThat(second.await(System.nanoTime())).isNull();
    }

    private void run() {
        tickets.remove().run();
    }

    private MaskTask add(String tenant) {
        MaskTask task =
                new MaskTask(
                        () -> {
                            order.add(tenant);
                            return new Drawn.Complete();
                        },
                        tenant,
                        number++,
                        () -> {},
                        turns::leave,
                        1_000_000_000);
        turns.add(task);
        return task;
    }
}
