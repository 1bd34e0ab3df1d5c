package dev.weft.gateway.measure;

import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a request.
 *
 * @param errorType what went wrong; empty if the outcome is {@link RequestOutcome#OK}
 * @param nanos from the request to the end of its answer
 * @param askedNanos from the request to when a worker was first asked; negative if none was
 * @param pace of a stream's events
 * @param told the token counts that the client was told; null if it was told none
 */
public record Answered(
        Operation operation,
        RequestOutcome outcome,
        String errorType,
        long nanos,
        long askedNanos,
        Pace pace,
        @Nullable TokenCount told) {
    /**
     * An answer whose client never kept its worker waiting.
     *
     * @param firstNanos from the request to the first event of a stream; negative if none came
     */
    public Answered(
            Operation operation,
            RequestOutcome outcome,
            String errorType,
            long nanos,
            long askedNanos,
            long firstNanos,
            @Nullable TokenCount told) {
        this(
                operation,
                outcome,
                errorType,
                nanos,
                askedNanos,
                firstNanos < 0 ? Pace.NONE : new Pace(firstNanos, nanos, told),
                told);
    }

    /** The time from the request to the first event of a stream; negative if none came. */
    public long firstNanos() {
        return pace.firstNanos();
    }

    /**
     * Whether the outcome says something of the version that answered. {@linkplain Tally#fellSilent
     * Silence} within an answer does not, and a whole answer that takes too long may only be long:
     * its client chooses how long.
     */
    public boolean isOfVersion() {
        boolean fellSilent =
                outcome == RequestOutcome.BROKEN && errorType.equals(ErrorCode.TIMEOUT.code());
        boolean tookLong = outcome == RequestOutcome.TIMED_OUT && !pace.streamed();
        return isAsked() && !fellSilent && !tookLong;
    }

    /** False if it ended before a worker was asked. */
    public boolean isAsked() {
        return askedNanos >= 0;
    }

    /**
     * The tokens that were used: those that the client was told. If it left before it was told of
     * its prompt, the prompt's tokens too, since the worker has computed them.
     *
     * @param prompt an estimate of the prompt's tokens
     */
    public TokenCount used(long prompt) {
        long left = isAsked() && outcome.isGivenUp() ? prompt : 0;
        if (told == null) {
            return new TokenCount(left, 0);
        }
        return told.input() > 0
                ? told
                : new TokenCount(left, told.output(), told.choices(), told.cached());
    }

    /** The time of each token of a whole stream after the first; see {@link Pace}. */
    public OptionalLong nanosPerToken() {
        return outcome == RequestOutcome.OK ? pace.nanosPerToken() : OptionalLong.empty();
    }
}
