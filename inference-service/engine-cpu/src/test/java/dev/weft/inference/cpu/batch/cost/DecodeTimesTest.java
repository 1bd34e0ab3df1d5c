package dev.weft.inference.cpu.batch.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DecodeTimesTest {
    private final DecodeTimes times = new DecodeTimes(4);

    @Test
    void isWhatIsPredictedUntilItIsMeasured() {
        assertThat(times.of(2, 0.5)).isEqualTo(0.5);
        times.measured(2, 2, 1);
        assertThat(times.of(2, 0.5)).isEqualTo(1);
        assertThat(times.of(3, 0.5)).isEqualTo(0.5);
    }

    @Test
    void followsWhatIsMeasuredAndForgetsWhatIsNot() {
        times.measured(2, 8, 1);
        for (int i = 0; i < 3_000; i++) {
            times.measured(1, 3, 1);
        }
        assertThat(times.of(1, 1)).isCloseTo(3, within(0.01));
        assertThat(times.of(2, 1)).isCloseTo(1, within(0.05));
    }

    @Test
    void takesNoMeasurementWithoutAPrediction() {
        times.measured(1, 1, 0);
        times.measured(1, 1, Double.POSITIVE_INFINITY);
        times.measured(9, 1, 1);
        assertThat(times.of(1, 1)).isEqualTo(1);
    }
}
