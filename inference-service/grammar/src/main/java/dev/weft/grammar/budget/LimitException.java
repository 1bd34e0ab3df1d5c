package dev.weft.grammar.budget;

import java.io.Serial;

/** Work is given up: it takes more than its budget, its time is over, or nobody waits for it. */
public final class LimitException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** The limits. */
    public enum Limit {
        /** Steps of work. */
        WORK,
        /** Expressions and states in memory. */
        MEMORY,
        /** The deadline. */
        TIME,
        /** Whoever asked has left. */
        CANCELLED
    }

    private final Limit limit;

    /** Work that reached a limit; the message says what it takes. */
    public LimitException(Limit limit, String message) {
        // no stack trace: hostile input causes it, at its own rate
        super(message, null, false, false);
        this.limit = limit;
    }

    /** The limit that was reached. */
    public Limit limit() {
        return limit;
    }
}
