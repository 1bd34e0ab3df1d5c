package dev.weft.inference.server.http.relay;

import dev.weft.inference.server.completion.EndReason;
import dev.weft.inference.server.completion.RequestTimes;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells the times of an answer. A stream's events count as tokens; comments, by which a server
 * keeps a stream alive, don't count. One thread at a time.
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
        List<EndReason> told = ends.stream().flatMap(StreamTimes::reason).toList();
        for (EndReason reason : told.isEmpty() ? List.of(EndReason.STOP) : told) {
            times.answered(reason, seconds);
        }
    }

    /** The end reason that a word stands for; empty if the word is no end. */
    private static Stream<EndReason> reason(String word) {
        return switch (word) {
            case "length", "max_tokens", "incomplete", "model_context_window_exceeded" ->
                    Stream.of(EndReason.LENGTH);
            case "tool_calls", "function_call", "tool_use" -> Stream.of(EndReason.TOOL_CALLS);
            case "in_progress", "queued" -> Stream.empty();
            default -> Stream.of(EndReason.STOP);
        };
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / NANOS;
    }
}
