package dev.weft.inference.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EngineWatchTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private long nanos;
    private long steps;
    private int pending;
    private final EngineWatch watch =
            new EngineWatch(() -> pending, () -> steps, TIMEOUT, new Loops(), () -> nanos);

    /** A look every second. */
    private void looksFor(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            nanos += Duration.ofSeconds(1).toNanos();
            watch.look();
        }
    }

    @Test
    void anEngineThatHasRequestsAndMakesNoStepIsStalledAndCountedOnce() {
        pending = 3;
        steps = 7;
        looksFor(Duration.ofSeconds(30)); // the first of them sees the steps
        assertThat(watch.stalled()).isZero();
        looksFor(Duration.ofSeconds(1));
        assertThat(watch.stalled()).isEqualTo(TIMEOUT);
        looksFor(Duration.ofSeconds(10));
        assertThat(watch.stalled()).isEqualTo(Duration.ofSeconds(40));
        assertThat(watch.stalls()).isEqualTo(1);

        steps++;
        looksFor(Duration.ofSeconds(1));
        assertThat(watch.stalled()).isZero();
    }

    @Test
    void anEngineAtRestOrSlowIsNotStalled() {
        looksFor(Duration.ofHours(1));
        assertThat(watch.stalled()).isZero();
        pending = 1;
        for (int step = 0; step < 10; step++) {
            looksFor(Duration.ofSeconds(29));
            steps++;
            looksFor(Duration.ofSeconds(1));
        }
        assertThat(watch.stalls()).isZero();
    }

    @Test
    void anEngineThatDoesNotEvenSayHowManyStepsItMadeIsStalled() {
        looksFor(Duration.ofSeconds(5));
        nanos += TIMEOUT.toNanos(); // the look has not come back
        assertThat(watch.stalled()).isEqualTo(TIMEOUT);
    }

    @Test
    void aProcessThatDidNotRunHasNoStalledEngine() {
        pending = 1;
        looksFor(Duration.ofSeconds(5));
        nanos += Duration.ofMinutes(2).toNanos();
        watch.look();
        assertThat(watch.stalled()).isZero();
    }
}
