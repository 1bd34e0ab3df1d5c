package dev.weft.gateway.worker.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private final AtomicLong nanos = new AtomicLong(11);
    private final Ejection ejection = new Ejection(nanos::get);

    private void after(double seconds) {
        nanos.addAndGet((long) (seconds * 1e9));
    }

    private boolean fails(int times) {
        boolean ejected = false;
        for (int i = 0; i < times; i++) {
            ejected |= ejection.failed();
        }
        return ejected;
    }

    @Test
    void failuresInARowEjectAWorker() {
        assertThat(fails(4)).isFalse();
        ejection.answered();
        assertThat(fails(4)).isFalse();
        assertThat(ejection.share()).isEqualTo(1);
        assertThat(fails(1)).isTrue();
        assertThat(ejection.share()).isZero();
    }

    @Test
    void itComesBackSlowly() {
        fails(5);
        after(4.9);
        assertThat(ejection.share()).isZero();
        after(0.2);
        assertThat(ejection.share()).isBetween(0.1, 0.2);
        after(5);
        assertThat(ejection.share()).isCloseTo(0.61, within(0.01));
        after(10);
        assertThat(ejection.share()).isEqualTo(1);
    }

    /** Those requests were under way before. */
    @Test
    void failuresOfAnEjectedWorkerDoNotPutItsReturnOff() {
        fails(5);
        assertThat(fails(100)).isFalse();
        after(6);
        assertThat(ejection.share()).isPositive();
    }

    @Test
    void oneThatFailsAgainIsAwayForLongerAMinuteAtMost() {
        for (Duration expected = Duration.ofSeconds(5);
                expected.toSeconds() < 200;
                expected = expected.multipliedBy(2)) {
            assertThat(fails(5)).isTrue();
            double away = Math.min(60, expected.toSeconds());
            after(away - 0.1);
            assertThat(ejection.share()).isZero();
            after(0.2);
            assertThat(ejection.share()).isPositive();
        }
    }

    @Test
    void aLongGoodTimeForgives() {
        fails(5);
        after(6);
        fails(5);
        after(75);
        ejection.answered();
        assertThat(fails(5)).isTrue();
        after(5.1);
        assertThat(ejection.share()).isPositive();
    }
}
