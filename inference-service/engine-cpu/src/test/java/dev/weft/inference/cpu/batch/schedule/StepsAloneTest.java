package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepsAloneTest {
    private final StepsAlone alone = new StepsAlone();

    @ParameterizedTest
    @CsvSource({"1.25, 20", "2, 50", "10, 90"})
    void comeSeldomerIfGuessesGainMore(double gain, int steps) {
        for (int i = 0; i < steps; i++) {
            assertThat(alone.isDue()).as("after %d steps", i).isFalse();
            alone.chosen(gain);
        }
        assertThat(alone.isDue()).isTrue();
        assertThat(alone.isDue()).as("again").isFalse();
    }

    @Test
    void areNotDueIfAStepHasGuessedNothing() {
        for (int i = 0; i < 19; i++) {
            alone.chosen(1.25);
        }
        alone.chosen(1);
        alone.chosen(1.25);
        assertThat(alone.isDue()).isFalse();
    }
}
