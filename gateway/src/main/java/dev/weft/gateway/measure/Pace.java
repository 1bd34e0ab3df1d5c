package dev.weft.gateway.measure;

import dev.weft.protocol.usage.TokenCount;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The times at which a stream's events came from its worker. Once the client has kept events
 * waiting, they come as it reads, and say nothing more of the worker.
 *
 * @param streamed false if the answer is no stream, and so has no events
 * @param firstNanos from the request to the first event; negative if none came
 * @param lastNanos from the request to the last event before the client kept one waiting
 * @param told the token counts up to that event; null if there are none, or it is the first one
 */
public record Pace(boolean streamed, long firstNanos, long lastNanos, @Nullable TokenCount told) {
    /** No event of a stream came. */
    public static final Pace NONE = new Pace(true, -1, -1, null);

    /** The answer is no stream: its first byte comes at its end. */
    public static final Pace WHOLE = new Pace(false, -1, -1, null);

    /** The pace of a stream of which an event came. */
    public Pace(long firstNanos, long lastNanos, @Nullable TokenCount told) {
        this(true, firstNanos, lastNanos, told);
    }

    /** The same pace, moved so that the first event is at another time. */
    public Pace beginningAt(long nanos) {
        return new Pace(nanos, nanos + lastNanos - firstNanos, told);
    }

    /**
     * The time after the first event, divided by the tokens after the first. If there are several
     * choices, which come at the same time, the tokens are those of one choice. Empty if a choice
     * has one token or less.
     */
    OptionalLong nanosPerToken() {
        if (firstNanos < 0 || told == null) {
            return OptionalLong.empty();
        }
        long after = told.output() - told.choices();
        return after <= 0
                ? OptionalLong.empty()
                : OptionalLong.of((lastNanos - firstNanos) * told.choices() / after);
    }
}
