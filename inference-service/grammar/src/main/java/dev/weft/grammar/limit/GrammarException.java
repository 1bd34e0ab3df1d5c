package dev.weft.grammar.limit;

import java.io.Serial;

/** A grammar is refused, or a walk through one is given up. */
public final class GrammarException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        /** A keyword or construct that is not served. */
        UNSUPPORTED,
        /** The grammar contradicts its own language's rules. */
        INVALID,
        /** The grammar or the walk needs more than its budget. */
        TOO_LARGE,
        /** The deadline is over. */
        TIMEOUT,
        /** Whoever asked has left. */
        CANCELLED
    }

    private final Kind kind;
    private final String pointer;
    private final String keyword;

    /**
     * An exception.
     *
     * @param pointer JSON pointer to the part of a schema that it is about; empty for the whole,
     *     and for grammars that are no schemas
     * @param keyword the keyword or construct; empty if it is about none
     */
    public GrammarException(Kind kind, String pointer, String keyword, String message) {
        super(message);
        this.kind = kind;
        this.pointer = pointer;
        this.keyword = keyword;
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }

    /** JSON pointer to the part of a schema that it is about; empty for the whole. */
    public String pointer() {
        return pointer;
    }

    /** The keyword or construct; empty if it is about none. */
    public String keyword() {
        return keyword;
    }
}
