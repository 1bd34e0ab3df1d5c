package dev.weft.source.fetch;

import java.time.Duration;

/**
 * How often and how long a fetch is tried.
 *
 * @param deadline for one fetch with all its files and retries
 * @param attempts how often an operation without progress is tried
 * @param backoff pause before the second attempt; doubles each time, up to 16 times as long
 */
public record AttemptLimits(Duration deadline, int attempts, Duration backoff) {
    public AttemptLimits {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts " + attempts + ": 1 or more are allowed");
        }
    }
}
