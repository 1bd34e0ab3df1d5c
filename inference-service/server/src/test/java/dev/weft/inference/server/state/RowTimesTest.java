package dev.weft.inference.server.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RowTimesTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final RowTimes times = new RowTimes(nanos::get);
    private long served;

    /** Ten looks a second; so many requests get a row in each second. */
    private double after(int seconds, int running, int servedEachSecond) {
        double mean = 0;
        for (int look = 0; look < 10 * seconds; look++) {
            nanos.addAndGet(100_000_000);
            served += look % 10 == 0 ? servedEachSecond : 0;
            mean = times.mean(running, served);
        }
        return mean;
    }

    @Test
    void nothingIsKnownBeforeTheFirstRequest() {
        assertThat(after(10, 0, 0)).isZero();
    }

    @Test
    void isTheRowsOverTheRate() {
        assertThat(after(120, 8, 4)).isCloseTo(2, within(0.05));
    }

    @Test
    void followsAChange() {
        after(300, 8, 4);
        assertThat(after(300, 8, 1)).isCloseTo(8, within(0.3));
    }

    @Test
    void anIdleWorkerForgets() {
        after(60, 8, 1);
        assertThat(after(600, 0, 0)).isZero();
    }
}
