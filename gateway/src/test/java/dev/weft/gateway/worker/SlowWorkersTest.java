package dev.weft.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowWorkersTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final PooledWorker first = worker("a", "base");
    private final PooledWorker second = worker("b", "base");
    private final PooledWorker third = worker("c", "base");

    private PooledWorker worker(String host, String base) {
        PooledWorker worker =
                new PooledWorker(URI.create("http://" + host), Duration.ofSeconds(3), nanos::get);
        worker.found(new ProbeResult.Ready(Map.of(base, base)));
        return worker;
    }

    private void took(PooledWorker worker, int streams, double seconds, int bytes) {
        for (int i = 0; i < streams; i++) {
            worker.health().began((long) (seconds * 1e9), bytes);
        }
    }

    private void look() {
        SlowWorkers.eject(List.of(first, second, third));
    }

    @Test
    void aWorkerWhoseStreamsBeginMuchLaterGetsNone() {
        took(first, 20, 0.5, 100);
        took(second, 20, 0.6, 100);
        took(third, 20, 5, 100);

        look();

        assertThat(first.health().share()).isEqualTo(1);
        assertThat(second.health().share()).isEqualTo(1);
        assertThat(third.health().share()).isZero();
        assertThat(third.health().ejections()).isEqualTo(1);
    }

    @Test
    void itsNextStreamsDecideAfterItsReturn() {
        took(first, 20, 0.5, 100);
        took(third, 20, 5, 100);
        look();
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());

        look();
        assertThat(third.health().share()).isEqualTo(1);

        took(third, 20, 5, 100);
        look();
        assertThat(third.health().share()).isZero();
        assertThat(third.health().ejections()).isEqualTo(2);
    }

    @Test
    void aFewStreamsSayNothing() {
        took(first, 20, 0.5, 100);
        took(third, 15, 60, 100);

        look();

        assertThat(third.health().share()).isEqualTo(1);
    }

    @Test
    void halfOfItsStreamsHaveToBeSlow() {
        took(first, 20, 0.5, 100);
        took(third, 20, 0.5, 100);
        took(third, 12, 60, 100); // adapters that were loaded

        look();

        assertThat(third.health().share()).isEqualTo(1);
    }

    @Test
    void longPromptsMayTakeTheirTime() {
        took(first, 20, 0.5, 100);
        took(third, 20, 10, 80_000);

        look();

        assertThat(third.health().share()).isEqualTo(1);
    }

    @Test
    void lessThanASecondIsNoReason() {
        took(first, 20, 0.01, 100);
        took(third, 20, 0.9, 100);

        look();

        assertThat(third.health().share()).isEqualTo(1);
    }

    @Test
    void whatWasMoreThanAMinuteAgoSaysNothing() {
        took(third, 20, 5, 100);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        took(first, 20, 0.5, 100);

        look();

        assertThat(third.health().share()).isEqualTo(1);
    }

    @Test
    void workersOfOtherBasesAreNotCompared() {
        PooledWorker large = worker("d", "large");
        took(first, 20, 0.5, 100);
        took(large, 20, 5, 100);

        SlowWorkers.eject(List.of(first, large));

        assertThat(large.health().share()).isEqualTo(1);
    }

    @Test
    void oneAloneIsComparedWithNobody() {
        took(first, 20, 60, 100);

        look();

        assertThat(first.health().share()).isEqualTo(1);
    }
}
