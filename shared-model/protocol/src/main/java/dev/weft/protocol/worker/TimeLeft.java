package dev.weft.protocol.worker;

import java.time.Duration;

/**
 * The header by which a gateway tells a worker how long it may take for a request: whole
 * milliseconds from when the worker gets it. After that nobody waits for the answer.
 */
public final class TimeLeft {
    public static final String HEADER = "weft-time-left";

    /** The longest time. */
    public static final Duration MOST = Duration.ofDays(1);

    private TimeLeft() {}

    /**
     * Writes a time; one that is over or too long is written as the nearest one that is allowed.
     */
    public static String text(Duration left) {
        return "" + Math.clamp(left.toMillis(), 1, MOST.toMillis());
    }

    /**
     * Reads a time.
     *
     * @throws IllegalArgumentException if the text is not such a time; says what is allowed
     */
    public static Duration read(String text) {
        long millis = text.matches("[0-9]{1,8}") ? Long.parseLong(text) : 0;
        if (millis < 1 || millis > MOST.toMillis()) {
            throw new IllegalArgumentException(
                    "header %s: allowed are milliseconds from 1 to %d"
                            .formatted(HEADER, MOST.toMillis()));
        }
        return Duration.ofMillis(millis);
    }
}
