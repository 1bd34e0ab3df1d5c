package dev.weft.gateway.forward;

import dev.weft.model.usage.TokenCount;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * @param errorType what went wrong; empty where the outcome is {@link Outcome#OK}
 * @param nanos from the request to the end of its answer
 * @param firstNanos from the request to the first event of a stream; negative where none came
 * @param told the tokens that the client was told of; null where it was told none
 */
record Answered(
        Operation operation,
        Outcome outcome,
        String errorType,
        long nanos,
        long firstNanos,
        @Nullable TokenCount told) {}
