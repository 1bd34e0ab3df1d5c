package dev.weft.inference.cpu.kernel.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private double sum;

    /** A start waited a minute for code that the compiler had long made, and made badly. */
    @Test
    void slowCodeIsNotWaitedForOnceTheCompilerHasNoWork() {
        WarmUp.Floor none = new WarmUp.Floor(1e6, 1e6);
        WarmUp.Work slow = new WarmUp.Work(this::multiply, this::multiply, 1, 1, none);
        long begin = System.nanoTime();
        List<WarmUp.Speed> speeds = WarmUp.run(List.of(slow));
        assertThat(speeds).hasSize(1).noneMatch(WarmUp.Speed::isGood);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
    }

    private void multiply() {
        for (int i = 1; i <= 1_000; i++) {
            sum = sum * 0.5 + i;
        }
    }
}
