package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.constraint.ScriptedConstraint;
import org.junit.jupiter.api.Test;

class RowConstraintTest {
    private static final int NANOS = 20_000;

    private final RowConstraint constraint =
            new RowConstraint(new ScriptedConstraint(10, (_, _) -> true, _ -> true));

    private void masked(boolean late) {
        constraint.await();
        constraint.masked(NANOS, late, false);
    }

    /** Its thread may have got no core for a moment. */
    @Test
    void aMaskThatWasLateOnceIsWaitedForTheNextTime() {
        assertThat(constraint.worthAWait()).isTrue();
        masked(true);
        assertThat(constraint.worthAWait()).isTrue();
        masked(false);
        masked(true);
        assertThat(constraint.worthAWait()).isTrue();
    }

    @Test
    void masksThatAreAlwaysLateAreWaitedForEverMoreRarely() {
        int waits = 0;
        for (int mask = 0; mask < 1_000; mask++) {
            waits += constraint.worthAWait() ? 1 : 0;
            masked(true);
        }
        assertThat(waits).isBetween(8, 16);
        masked(false);
        assertThat(constraint.worthAWait()).isTrue();
    }
}
