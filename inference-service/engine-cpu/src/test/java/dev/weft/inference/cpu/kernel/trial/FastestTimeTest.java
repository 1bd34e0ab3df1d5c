package dev.weft.inference.cpu.kernel.trial;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FastestTimeTest {
    private final FastestTime time = new FastestTime();

    private void add(long... nanoseconds) {
        for (long each : nanoseconds) {
            time.add(each);
        }
    }

    @Test
    void theShortestCounts() {
        add(900, 500, 700);
        assertThat(time.nanoseconds()).isEqualTo(500);
    }

    @Test
    void runsAsShortConfirmIt() {
        add(500, 510, 505);
        assertThat(time.isConfirmed()).isFalse();
        add(900, 501);
        assertThat(time.isConfirmed()).isTrue();
    }

    @Test
    void aMuchShorterRunHasToBeConfirmedAnew() {
        add(1_000, 1_001, 1_002, 1_003);
        assertThat(time.isConfirmed()).isTrue();
        add(500);
        assertThat(time.isConfirmed()).isFalse();
        add(500, 500, 500);
        assertThat(time.isConfirmed()).isTrue();
    }
}
