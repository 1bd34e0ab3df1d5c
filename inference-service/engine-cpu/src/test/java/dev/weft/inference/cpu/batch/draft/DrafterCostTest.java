package dev.weft.inference.cpu.batch.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DrafterCostTest {
    private static final List<Draft> TWO =
            List.of(Draft.computed(List.of(1, 2), List.of(0.9, 0.9)), Draft.NONE);

    private final DrafterCost cost = new DrafterCost();

    private int length(double chance) {
        return cost.length(List.of(chance), 1, 8, extra -> 1 + 0.1 * extra);
    }

    @Test
    void isLongerTheSurerTheModelIs() {
        assertThat(length(0.95)).isEqualTo(8);
        assertThat(length(0.5)).isBetween(1, 4);
        assertThat(length(0.05)).isZero();
    }

    @Test
    void isShorterTheMoreADraftCosts() {
        for (int i = 0; i < 30; i++) {
            cost.measured(TWO, 4_000_000_000L);
        }
        assertThat(length(0.95)).as("two seconds a token").isZero();
        for (int i = 0; i < 3_000; i++) {
            cost.unused();
        }
        assertThat(length(0.95)).as("forgotten").isEqualTo(8);
    }

    @Test
    void isNothingAsLongAsNoStepWasMeasured() {
        assertThat(cost.length(List.of(0.9), 1, 8, _ -> 0)).isZero();
    }
}
