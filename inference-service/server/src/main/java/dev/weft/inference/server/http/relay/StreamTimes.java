package dev.weft.inference.server.http.relay;

import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.RequestTimes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the times of an answer: those of a stream's events as those of tokens. Comments, by which a
 * server keeps a stream alive, are none. One thread at a time.
 */
final class StreamTimes {
    private static final double NANOS = 1e9;

    private final RequestTimes times;
    private final long arrived;
    private long last;
    private boolean first = true;
    private boolean begun;

    /**
     * @param arrived {@link System#nanoTime()} of the request
     */
    StreamTimes(RequestTimes times, long arrived) {
        this.times = times;
        this.arrived = arrived;
        this.last = arrived;
    }

    /** Whether the client has got anything. */
    boolean begun() {
        return begun;
    }

    /**
     * The client gets something.
     *
     * @param data whether an event with data is in it
     */
    void passed(boolean data) {
        begun = true;
        if (!data) {
            return;
        }
        double seconds = since(last);
        if (first) {
            times.firstToken(seconds);
        } else {
            times.nextToken(seconds);
        }
        first = false;
        last = System.nanoTime();
    }

    /**
     * The answer is whole.
     *
     * @param ends how its choices ended, in the server's words; empty if it doesn't say
     */
    void answered(List<String> ends) {
        double seconds = since(arrived);
        long told = ends.stream().map(StreamTimes::reason).filter(it -> it != null).count();
        if (told == 0) {
            times.answered(EndReason.STOP, seconds);
        }
        for (String end : ends) {
            EndReason reason = reason(end);
            if (reason != null) {
                times.answered(reason, seconds);
            }
        }
    }

    /** Null if it is no end. */
    private static @Nullable EndReason reason(String word) {
        return switch (word) {
            case "length", "max_tokens", "incomplete", "model_context_window_exceeded" ->
                    EndReason.LENGTH;
            case "tool_calls", "function_call", "tool_use" -> EndReason.TOOL_CALLS;
            case "in_progress", "queued" -> null;
            default -> EndReason.STOP;
        };
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / NANOS;
    }
}
