package dev.weft.gateway.limit.allowance;

import java.time.Duration;

/** The outcome of a claim. */
public sealed interface ClaimOutcome {
    /** The allowances that are left. */
    Levels levels();

    /** All was there, and is taken until the grant ends. */
    record Granted(Levels levels, Grant grant) implements ClaimOutcome {}

    /**
     * Nothing is taken.
     *
     * @param by the first limit that was in the way
     * @param retryAfter when the same claim may be granted
     */
    record Refused(Levels levels, Limit by, Duration retryAfter) implements ClaimOutcome {}
}
