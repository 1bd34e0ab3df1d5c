package dev.weft.gateway.limit.allowance;

/** What is limited, in the order in which it is checked. */
public enum Limit {
    /** A minute's requests. */
    REQUESTS,
    /** A minute's tokens. */
    TOKENS,
    /** Streams at once. */
    STREAMS
}
