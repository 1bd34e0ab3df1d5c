package dev.weft.gateway.forward.attempt;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Measures how long an answer has been silent. One timer looks at it now and then, so that no token
 * has to start and stop one. For one answer; any thread.
 */
final class Silence {
    private final Duration longest;
    private final Scheduler loop;
    private volatile long heard = System.nanoTime();

    /**
     * Begins to measure now.
     *
     * @param loop on which it looks
     */
    Silence(Duration longest, Scheduler loop) {
        this.longest = longest;
        this.loop = loop;
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
                                    ? Mono.delay(left, loop)
                                    : Mono.error(new TimeoutException("silent for " + longest));
                        })
                .repeat()
                .then();
    }
}
