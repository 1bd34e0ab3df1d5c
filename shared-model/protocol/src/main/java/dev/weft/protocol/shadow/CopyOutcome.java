package dev.weft.protocol.shadow;

/** What became of a request that was drawn to be copied. The names are those of the admin API. */
public enum CopyOutcome {
    /** The candidate answered its copy. */
    answered,
    /** The candidate failed. */
    failed,
    /**
     * Its client left, was refused, or its request is too large, or its answer's form could not be
     * kept to, which is by chance: there is nothing to compare.
     */
    leftOut,
    /**
     * No worker had a free row and room for the candidate, or as many copies as may be ran, or the
     * worker was lost before it answered.
     */
    busy,
    /** No tokens were left for it. */
    noTokens,
    /** It was broken off for clients' requests, or because the gateway ended. */
    yielded,
    /** It was broken off since it took too long or too many tokens. */
    cut
}
