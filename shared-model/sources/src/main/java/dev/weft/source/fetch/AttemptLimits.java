package dev.weft.source.fetch;

import java.time.Duration;

/**
 * How often and how long a fetch is tried.
 *
 * @param deadline for one fetch with all its files and retries
 * @param attempts how often an operation without progress is tried
 * @param backoff pause before the second attempt; doubles each time, up to 16 times as long
 * @param patient whether a fetch sleeps for as long as a busy source asks; else it fails, and its
 *     caller waits
 */
public record AttemptLimits(Duration deadline, int attempts, Duration backoff, boolean patient) {
    /** Limits of a fetch that sleeps. */
    public AttemptLimits(Duration deadline, int attempts, Duration backoff) {
        this(deadline, attempts, backoff, true);
    }

    /** Returns these limits for a caller that waits itself. */
    public AttemptLimits impatient() {
        return new AttemptLimits(deadline, attempts, backoff, false);
    }

    public AttemptLimits {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts " + attempts + ": 1 or more are allowed");
        }
    }
}
