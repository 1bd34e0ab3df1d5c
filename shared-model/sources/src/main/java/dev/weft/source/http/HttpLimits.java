package dev.weft.source.http;

import java.time.Duration;

/**
 * How long to wait for an answer.
 *
 * @param connect for each connection
 * @param silence longest time until an answer begins, and within one without a byte
 * @param bytesPerSecond least rate of an answer over each such time
 */
public record HttpLimits(Duration connect, Duration silence, long bytesPerSecond) {
    /** The bytes that must arrive within {@code silence}. */
    long least() {
        return Math.max(1, bytesPerSecond * silence.toMillis() / 1000);
    }
}
