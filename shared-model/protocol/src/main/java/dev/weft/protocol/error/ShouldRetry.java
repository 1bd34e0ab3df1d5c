package dev.weft.protocol.error;

import java.util.Optional;

/**
 * The header by which a service says whether the same request may succeed elsewhere, or later.
 * OpenAI's clients heed it before the status. If it says no, a gateway tries no other worker.
 */
public final class ShouldRetry {
    public static final String HEADER = "x-should-retry";

    /** The request would end in the same way anywhere. */
    public static final String NO = "false";

    /** Another answer to the same request may go well, whatever the status says. */
    public static final String YES = "true";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVERS_FAULT = 500;

    private ShouldRetry() {}

    /** What the header says of an error; empty if clients know it by the status. */
    public static Optional<String> of(ErrorCode code) {
        if (!code.retriable()) {
            return Optional.of(NO);
        }
        boolean known = code.status() >= SERVERS_FAULT || code.status() == TOO_MANY_REQUESTS;
        return known ? Optional.empty() : Optional.of(YES);
    }
}
