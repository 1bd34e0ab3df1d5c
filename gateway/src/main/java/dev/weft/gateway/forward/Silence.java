package dev.weft.gateway.forward;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/**
 * Measures how long an answer has been silent. One timer looks at it now and then, so that no token
 * has to start and stop one. For one answer; any thread.
 */
final class Silence {
    private final Duration longest;
    private volatile long heard = System.nanoTime();

    /** Begins to measure now. */
    Silence(Duration longest) {
        this.longest = longest;
    }

    /** Notes that something came. */
    void heard() {
        heard = System.nanoTime();
    }

    /** Never completes; fails with a {@link TimeoutException} when nothing came for too long. */
    Mono<Void> tooLong() {
        return Mono.defer(
                        () -> {
                            Duration left = longest.minusNanos(System.nanoTime() - heard);
                            return left.isPositive()
                                    ? Mono.delay(left)
                                    : Mono.error(new TimeoutException("silent for " + longest));
                        })
                .repeat()
                .then();
    }
}
