package dev.weft.standalone.bench.stream;

import org.jspecify.annotations.Nullable;

/** How a request ended. */
public sealed interface Outcome {
    /**
     * A complete answer. Times are in nanoseconds.
     *
     * @param firstText time from sending the request to its first text, or to its end if it has no
     *     text
     * @param gaps times between events with text; one less than there are such events
     * @param promptTokens prompt tokens as the server counted; -1 if it doesn't tell
     * @param outputTokens output tokens as the server counted, else the number of events with text
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
