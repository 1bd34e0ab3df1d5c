package dev.weft.gateway.limit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What keys may take within a minute, and have taken. A key that takes nothing for a minute may
 * take all again; between, its allowance grows steadily. Answers may come from elsewhere, so
 * callers wait for them without a thread. Any thread.
 */
public interface Allowances {
    /** What is counted. */
    enum Kind {
        REQUESTS,
        TOKENS
    }

    /**
     * One allowance of a key.
     *
     * @param perMinute what it may take in a minute; a change keeps the share that is left
     */
    record Of(long key, Kind kind, long perMinute) {}

    /**
     * The outcome of an attempt to take.
     *
     * @param granted it was there, and is taken; else nothing is
     * @param remaining what is left, not below 0
     * @param retryAfter when an attempt that was not granted would be; zero for one that was
     * @param reset when all would be left
     */
    record Taken(boolean granted, long remaining, Duration retryAfter, Duration reset) {}

    /**
     * Takes an amount if that much is left.
     *
     * @param amount not above {@code perMinute}: more is never there
     */
    CompletableFuture<Taken> take(Of allowance, long amount);

    /**
     * Gives back what was taken and not used; a negative amount takes more, also below nothing,
     * which has to grow back first.
     */
    void correct(Of allowance, long amount);
}
