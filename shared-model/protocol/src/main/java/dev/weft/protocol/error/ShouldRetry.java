package dev.weft.protocol.error;

/**
 * The header by which a service says whether the same request may succeed elsewhere, or later.
 * OpenAI's clients heed it before the status. If it says no, a gateway tries no other worker.
 */
public final class ShouldRetry {
    public static final String HEADER = "x-should-retry";

    /** The request would end in the same way anywhere. */
    public static final String NO = "false";

    private ShouldRetry() {}
}
