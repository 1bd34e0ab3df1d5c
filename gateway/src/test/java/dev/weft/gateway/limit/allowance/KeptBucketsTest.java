package dev.weft.gateway.limit.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.limit.allowance.KeptBuckets.Slot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeptBucketsTest {
    private static final int MOST = 100;

    private final AtomicLong nanos = new AtomicLong();
    private final KeptBuckets buckets = new KeptBuckets(nanos::get, MOST);

    @Test
    void oneIsKeptUntilItIsFull() {
        take(1, 30);
        take(2, 60);
        pass(Duration.ofSeconds(29));
        assertThat(buckets.size()).isEqualTo(2);
        pass(Duration.ofSeconds(5));
        assertThat(left(1)).isEqualTo(60);
        assertThat(left(2)).isEqualTo(34);
        pass(Duration.ofMinutes(5));
        assertThat(buckets.size()).isZero();
    }

    @Test
    void aLaterUseKeepsItForLonger() {
        take(1, 1);
        take(1, 600);
        pass(Duration.ofMinutes(9));
        assertThat(left(1)).isEqualTo(-1);
    }

    @Test
    void howeverManyKeysThereAreNoDebtIsForgiven() {
        for (int key = 1; key <= 3 * MOST; key++) {
            take(key, 100);
        }
        for (int key = 10_000; key < 10_000 + 50 * MOST; key++) {
            take(key, 30);
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(4 * MOST);
        for (int key = 1; key <= 3 * MOST; key++) {
            assertThat(left(key)).as("key " + key).isEqualTo(-40);
        }
    }

    @Test
    void oneThatIsInDebtNoMoreCountsAgain() {
        for (int key = 1; key <= 3 * MOST; key++) {
            take(key, 100);
        }
        pass(Duration.ofSeconds(50));
        for (int key = 1; key <= 3 * MOST; key++) {
            take(key, 1);
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(MOST);
    }

    private void take(int key, long amount) {
        boolean _ =
                buckets.use(
                        new Slot(key, Limit.TOKENS),
                        60,
                        sized -> {
                            sized.settle(-amount);
                            return true;
                        });
    }

    private long left(int key) {
        return buckets.again(
                new Slot(key, Limit.TOKENS), 60, sized -> sized.bucket().getAvailableTokens());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
