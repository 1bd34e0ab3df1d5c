package dev.weft.inference.cpu.batch.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearntCostTest {
    private final LearntCost cost = new LearntCost();

    /** Steps without a measurement until the cost has fallen to one and a half. */
    private int stepsOfDoubt() {
        int steps = 0;
        for (; cost.orElse(0) > 1.5; steps++) {
            cost.unmeasured(1);
        }
        return steps;
    }

    @Test
    void isAnothersUntilItIsMeasured() {
        cost.unmeasured(1);
        assertThat(cost.orElse(7)).isEqualTo(7);
        cost.measured(3);
        assertThat(cost.orElse(7)).isEqualTo(3);
    }

    @Test
    void isDoubtedSoonAfterOneSlowStepAndSeldomAfterMany() {
        cost.measured(6);
        assertThat(stepsOfDoubt()).isLessThan(60);
        for (int i = 0; i < 20; i++) {
            cost.measured(6);
        }
        assertThat(stepsOfDoubt()).isGreaterThan(900);
    }

    @Test
    void isTheMeanOfItsFirstMeasurementsAndThenFollowsTheLast() {
        cost.measured(6);
        cost.measured(2);
        assertThat(cost.orElse(0)).isEqualTo(4);
        for (int i = 0; i < 40; i++) {
            cost.measured(1);
        }
        assertThat(cost.orElse(0)).isCloseTo(1, within(0.01));
    }
}
