package dev.weft.inference.server.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueueForecastTest {
    private final AtomicLong nanos = new AtomicLong();
    private final QueueForecast forecast = new QueueForecast(nanos::get);

    private double after(double seconds, int waiting, long served) {
        nanos.addAndGet((long) (seconds * 1e9));
        return forecast.seconds(waiting, served);
    }

    @Test
    void nobodyWaitsIfThereIsNoQueue() {
        assertThat(after(0, 0, 0)).isZero();
        assertThat(after(1, 0, 100)).isZero();
    }

    @Test
    void isTheQueueOverTheRateAtWhichItMoves() {
        after(0, 10, 0);
        assertThat(after(1, 10, 2)).isCloseTo(5, within(0.01)); // 2 a second
        double wait = 0;
        for (int second = 1; second < 60; second++) {
            wait = after(1, 10, 2 + 4L * second); // 4 a second from now on
        }
        assertThat(wait).isCloseTo(2.5, within(0.01));
    }

    @Test
    void whatIsServedWhileNobodyWaitsSaysNothing() {
        after(0, 10, 0);
        after(1, 10, 2);
        after(100, 0, 5_000);
        after(1, 10, 6_000);
        assertThat(after(1, 10, 6_002)).isCloseTo(5, within(0.01));
    }

    @Test
    void aQueueThatDoesNotMoveIsAsLongAsIsTold() {
        after(0, 3, 0);
        assertThat(after(5, 3, 0)).isEqualTo(60);
    }
}
