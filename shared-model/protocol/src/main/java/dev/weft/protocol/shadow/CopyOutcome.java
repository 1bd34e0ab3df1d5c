package dev.weft.protocol.shadow;

/** What became of a request that was drawn to be copied. The names are those of the admin API. */
public enum CopyOutcome {
    /** The candidate answered its copy. */
    answered,
    /** The candidate failed. */
    failed,
    /**
     * There is nothing to compare: the client left or was refused, the request is too large, or an
     * answer could not keep to the form asked for, which is by chance.
     */
    leftOut,
    /**
     * No worker had a free row and room for the candidate, the most copies allowed already ran, or
     * the worker was lost before it answered.
     */
    busy,
    /** No tokens were left for it. */
    noTokens,
    /** It was broken off for clients' requests, or because the gateway ended. */
    yielded,
    /** It was broken off since it took too long or too many tokens. */
    cut
}
