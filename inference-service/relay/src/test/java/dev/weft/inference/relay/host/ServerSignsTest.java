package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ServerSignsTest {
    private static final int ROUNDS = 20_000;

    private final ServerSigns signs = new ServerSigns();

    /** Whether a sign is owed once the clock has gone on. */
    private boolean isOwed() {
        long now = System.nanoTime();
        while (System.nanoTime() == now) {
            Thread.onSpinWait();
        }
        return signs.quiet().isPositive();
    }

    @Test
    void whatIsLeftUnansweredIsOwedUntilTheServerIsHeard() {
        assertThat(signs.quiet()).isEqualTo(Duration.ZERO);
        signs.owed();
        signs.settled(false);
        assertThat(isOwed()).isTrue();
        signs.heard();
        assertThat(signs.quiet()).isEqualTo(Duration.ZERO);
    }

    /** A server that hangs at that request would not be asked whether it does. */
    @Test
    void theDebtOfARequestThatComesAsTheLastOneEndsStays() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                signs.owed();
                Future<?> other =
                        pool.submit(() -> {
                            together.await();
                            signs.settled(true);
                            return true;
                        });
                together.await();
                signs.owed();
                other.get();
                assertThat(isOwed()).isTrue();
                signs.settled(true);
                assertThat(signs.quiet()).isEqualTo(Duration.ZERO);
            }
        }
    }
}
