package dev.weft.inference.cpu.kernel.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CompilerWorkTest {
    private final AtomicLong spent = new AtomicLong(5_000);
    private final CompilerWork compiler = new CompilerWork(spent::get, at(0));

    @Test
    void aCompilerThatSpendsNothingHasNoWork() {
        assertThat(compiler.isDone(at(2_900))).isFalse();
        assertThat(compiler.isDone(at(3_100))).isTrue();
    }

    @Test
    void whatTakesLittleIsNoWork() {
        spent.addAndGet(150);
        assertThat(compiler.isDone(at(3_100))).isTrue();
    }

    @Test
    void aCompilationThatEndsShowsThatThereWasWork() {
        spent.addAndGet(1_500);
        assertThat(compiler.isDone(at(2_500))).isFalse();
        assertThat(compiler.isDone(at(5_400))).isFalse();
        assertThat(compiler.isDone(at(5_600))).isTrue();
    }

    private static long at(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
