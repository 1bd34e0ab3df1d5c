package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopDeadlineTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountDownLatch ended = new CountDownLatch(1);

    private StopDeadline begin(Duration time) {
        return new StopDeadline.Rules(time, ended::countDown).begin();
    }

    @Test
    void aStopThatTakesLongerEndsTheProcess() throws InterruptedException {
        try (StopDeadline _ = begin(SHORT)) {
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aStopThatEndsInTimeEndsNothing() throws InterruptedException {
        begin(Duration.ofSeconds(1)).close();

        assertThat(ended.await(1_200, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void waitsForAConditionAsLongAsThereIsTime() {
        AtomicInteger asked = new AtomicInteger();
        try (StopDeadline deadline = begin(LONG)) {
            assertThat(deadline.await(() -> asked.incrementAndGet() == 3)).isTrue();
            assertThat(asked).hasValue(3);
        }
        try (StopDeadline deadline = begin(SHORT)) {
            assertThat(deadline.await(() -> false)).isFalse();
        }
    }

    @Test
    void whatCantBeStoppedEndsTheProcessAtOnce() {
        try (StopDeadline deadline = begin(LONG)) {
            deadline.giveUp("it holds on");

            assertThat(ended.getCount()).isZero();
        }
    }
}
