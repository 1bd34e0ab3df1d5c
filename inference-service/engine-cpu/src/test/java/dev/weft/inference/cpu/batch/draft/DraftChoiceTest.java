package dev.weft.inference.cpu.batch.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class DraftChoiceTest {
    private static final double[] SURE = {0.9, 0.8, 0.7};
    private static final double[] UNSURE = {0.2, 0.04};
    private static final double[] NONE = {};

    private static List<Integer> lengths(
            List<double[]> chances, int most, IntToDoubleFunction seconds) {
        return DraftChoice.of(chances, most, seconds).lengths();
    }

    @Test
    void verifiesAsMuchAsPays() {
        assertThat(lengths(List.of(SURE, UNSURE, NONE), 32, extra -> 1 + 0.1 * extra))
                .as("a drafted token takes a tenth of a step")
                .containsExactly(3, 0, 0);
        assertThat(lengths(List.of(SURE, UNSURE, NONE), 32, _ -> 1))
                .as("they cost nothing")
                .containsExactly(3, 2, 0);
        assertThat(lengths(List.of(SURE, UNSURE, NONE), 2, _ -> 1)).containsExactly(2, 0, 0);
    }

    @Test
    void verifiesNothingIfThatWouldCostMore() {
        assertThat(lengths(List.of(SURE, SURE), 32, extra -> 1 + extra)).containsExactly(0, 0);
    }

    @Test
    void seesBeyondARowThatCostsMore() {
        // Kernels take rows in blocks: the second costs as much as the fourth.
        assertThat(lengths(List.of(SURE), 32, extra -> extra == 0 ? 1 : 2)).containsExactly(3);
    }

    @Test
    void verifiesNothingAsLongAsNoStepWasMeasured() {
        assertThat(lengths(List.of(SURE), 32, _ -> 0)).containsExactly(0);
        assertThat(lengths(List.of(SURE), 32, _ -> Double.POSITIVE_INFINITY)).containsExactly(0);
    }

    @Test
    void tellsWhatItGains() {
        DraftChoice.Choice choice = DraftChoice.of(List.of(SURE, NONE), 32, _ -> 1);
        assertThat(choice.gain()).isEqualTo((2 + 0.9 + 0.8 + 0.7) / 2);
        assertThat(DraftChoice.of(List.of(NONE), 32, _ -> 1).gain()).isEqualTo(1);
    }
}
