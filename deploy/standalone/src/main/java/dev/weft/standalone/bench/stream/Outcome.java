package dev.weft.standalone.bench.stream;

import org.jspecify.annotations.Nullable;

/** How a request ended. */
public sealed interface Outcome {
    /**
     * A whole answer. Times are in nanoseconds.
     *
     * @param firstText from sending the request to its first text; its end where it has none
     * @param gaps between events with text; one less than there are such events
     * @param promptTokens as the server counted; -1 where it does not tell
     * @param outputTokens as the server counted, else the events with text
     * @param finishReason the server's word
     */
    @SuppressWarnings("ArrayRecordComponent") // thousands of numbers for each run, never compared
    record Answered(
            long firstText,
            long[] gaps,
            int textEvents,
            int promptTokens,
            int outputTokens,
            @Nullable String finishReason)
            implements Outcome {}

    /** No answer, or a part of one. */
    record Failed(Failure failure) implements Outcome {}
}
