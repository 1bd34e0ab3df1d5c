package dev.weft.gateway.measure;

import dev.weft.protocol.usage.TokenCount;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * @param errorType what went wrong; empty where the outcome is {@link RequestOutcome#OK}
 * @param nanos from the request to the end of its answer
 * @param firstNanos from the request to the first event of a stream; negative where none came
 * @param told the tokens that the client was told of; null where it was told none
 */
record Answered(
        Operation operation,
        RequestOutcome outcome,
        String errorType,
        long nanos,
        long firstNanos,
        @Nullable TokenCount told) {
    /**
     * Of the time of a whole stream after its first event, the part of each token after the first:
     * of a choice's, where there are several, which come at the same time. Empty where a choice has
     * one token or less.
     */
    OptionalLong nanosPerToken() {
        if (firstNanos < 0 || outcome != RequestOutcome.OK || told == null) {
            return OptionalLong.empty();
        }
        long after = told.output() - told.choices();
        return after <= 0
                ? OptionalLong.empty()
                : OptionalLong.of((nanos - firstNanos) * told.choices() / after);
    }
}
