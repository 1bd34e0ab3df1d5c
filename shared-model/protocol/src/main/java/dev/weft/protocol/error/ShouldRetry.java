package dev.weft.protocol.error;

/**
 * The header by which a service says whether the same request may go well elsewhere, or later.
 * OpenAI's clients heed it before the status; a gateway gives no other worker what it refuses.
 */
public final class ShouldRetry {
    public static final String HEADER = "x-should-retry";

    /** It would end in the same way anywhere. */
    public static final String NO = "false";

    private ShouldRetry() {}
}
