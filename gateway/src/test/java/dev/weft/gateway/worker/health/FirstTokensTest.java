package dev.weft.gateway.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FirstTokensTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final FirstTokens times = new FirstTokens(nanos::get);

    private void add(int streams, long time) {
        for (int i = 0; i < streams; i++) {
            times.add(time);
        }
    }

    @Test
    void theLatestCountHoweverManyCameBefore() {
        add(1_000, 5);
        add(16, 9);
        assertThat(times.median()).hasValue(9);
        add(15, 2);
        assertThat(times.median()).hasValue(9);
        add(2, 2);
        assertThat(times.median()).hasValue(2);
    }

    @Test
    void fewSayNothing() {
        add(15, 5);
        assertThat(times.median()).isEmpty();
        add(1, 5);
        assertThat(times.median()).hasValue(5);
        nanos.addAndGet(Duration.ofMinutes(1).plusNanos(1).toNanos());
        add(15, 5);
        assertThat(times.median()).isEmpty();
    }

    @Test
    void whatIsForgottenIsGone() {
        add(40, 5);
        times.clear();
        add(15, 9);
        assertThat(times.median()).isEmpty();
        add(1, 9);
        assertThat(times.median()).hasValue(9);
    }
}
