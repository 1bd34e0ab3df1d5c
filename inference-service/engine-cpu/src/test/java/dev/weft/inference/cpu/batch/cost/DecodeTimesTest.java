package dev.weft.inference.cpu.batch.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DecodeTimesTest {
    private final DecodeTimes times = new DecodeTimes();

    private static StepShape rows(int rows) {
        return new StepShape(rows, 0, 0);
    }

    private void measured(int rows, double seconds) {
        times.measured(rows(rows), seconds);
    }

    @Test
    void isThatOfFewerRowsUntilItIsMeasured() {
        measured(4, 2);
        assertThat(times.of(rows(4))).isEqualTo(2);
        assertThat(times.of(rows(8))).isEqualTo(2);
        assertThat(times.of(rows(1))).isInfinite();
        measured(8, 3);
        assertThat(times.of(rows(8))).isEqualTo(3);
    }

    @Test
    void takesRowsAsKernelsTakeThem() {
        measured(13, 0.5);
        assertThat(times.of(rows(16))).isEqualTo(0.5);
        assertThat(times.areOne(rows(13), rows(16))).isTrue();
        assertThat(times.areOne(rows(16), rows(17))).isFalse();
        assertThat(times.areOne(rows(7), rows(8))).as("few rows cost by their number").isFalse();
    }

    @Test
    void comparesTimesOfABusyMachineWithThoseOfAnIdleOne() {
        for (int i = 0; i < 50; i++) {
            measured(16, 0.025);
            measured(24, 0.035);
        }
        for (int i = 0; i < 30; i++) {
            measured(24, 0.07);
        }
        assertThat(times.of(rows(24))).isCloseTo(0.07, Percentage.withPercentage(5));
        assertThat(times.of(rows(16))).isCloseTo(0.05, Percentage.withPercentage(25));
    }

    @Test
    void keepsWhatOthersMeasurementsDoNotTell() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 50; i++) {
            measured(16, 0.025);
            measured(24, 0.035);
        }
        // the larger steps alone would have the smaller take 17 to 32 ms
        for (int i = 0; i < 40; i++) {
            measured(random.nextInt(17, 33) > 24 ? 32 : 24, 0.033 + random.nextDouble(0.01));
        }
        assertThat(times.of(rows(16))).isBetween(0.022, 0.03);
    }

    @Test
    void triesAgainWhatIsLongNotMeasured() {
        for (int i = 0; i < 50; i++) {
            measured(16, 0.025);
            measured(24, 0.075);
        }
        for (int i = 0; i < 2_000; i++) {
            measured(16, 0.025);
        }
        assertThat(times.of(rows(24))).isLessThan(0.03);
    }

    @Test
    void oneSlowStepCountsForLittle() {
        for (int i = 0; i < 50; i++) {
            measured(16, 0.025);
        }
        measured(16, 5);
        for (int i = 0; i < 20; i++) {
            measured(16, 0.025);
        }
        assertThat(times.of(rows(16))).isCloseTo(0.025, Percentage.withPercentage(5));
    }

    @Test
    void takesNoMeasurementOfNoTime() {
        times.measured(rows(1), 0);
        assertThat(times.of(rows(1))).isInfinite();
    }
}
