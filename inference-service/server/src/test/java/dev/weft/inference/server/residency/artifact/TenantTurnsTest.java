package dev.weft.inference.server.residency.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TenantTurnsTest {
    /** Work that was handed to the threads and has not run. */
    private final Queue<Runnable> threads = new ArrayDeque<>();

    private final List<String> done = new ArrayList<>();

    @Test
    void whoAsksForMuchIsToOthersAsOneWhoAsksForOne() {
        TenantTurns turns = new TenantTurns(threads::add, 1, 1);
        ask(turns, "flood", 1_000);
        ask(turns, "a", 2);
        ask(turns, "b", 1);

        runAll();

        assertThat(done).hasSize(1_003);
        assertThat(done.subList(0, 6)).containsExactly("flood", "flood", "a", "b", "flood", "a");
    }

    @Test
    void oneTenantHasNoMoreAtATimeThanItMay() {
        TenantTurns turns = new TenantTurns(threads::add, 5, 3);
        ask(turns, "flood", 1_000);
        assertThat(threads).hasSize(3);

        ask(turns, "a", 3);

        assertThat(threads).hasSize(5);
        runAll();
        assertThat(done).hasSize(1_003);
    }

    @Test
    void workThatFailsIsDoneWithAsWell() {
        TenantTurns turns = new TenantTurns(threads::add, 1, 1);
        turns.execute(
                "a",
                () -> {
                    throw new StackOverflowError("deep");
                });
        ask(turns, "a", 1);

        runAll();

        assertThat(done).containsExactly("a");
    }

    @Test
    void whatThreadsTakeNothingMoreForHoldsNoPlace() {
        List<Runnable> taken = new ArrayList<>();
        TenantTurns turns =
                new TenantTurns(
                        work -> {
                            if (taken.isEmpty()) {
                                taken.add(work);
                                throw new RejectedExecutionException("closed");
                            }
                            threads.add(work);
                        },
                        1,
                        1);
        assertThatThrownBy(() -> ask(turns, "a", 1)).isInstanceOf(RejectedExecutionException.class);

        ask(turns, "a", 1);
        runAll();

        assertThat(done).containsExactly("a");
    }

    private void ask(TenantTurns turns, String tenant, int count) {
        for (int i = 0; i < count; i++) {
            turns.execute(tenant, () -> done.add(tenant));
        }
    }

    private void runAll() {
        for (Runnable next = threads.poll(); next != null; next = threads.poll()) {
            next.run();
        }
    }
}
