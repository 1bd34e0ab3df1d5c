package dev.weft.grammar.limit;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

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
        CANCELLED,
        /** A fault of this code, which the cause tells; the grammar and the answer may be right. */
        FAULT
    }

    private final Kind kind;
    private final String pointer;
    private final String keyword;
    private final @Nullable String tool;

    /**
     * An exception.
     *
     * @param pointer JSON pointer to the part of a schema that it is about; empty for the whole
     *     schema, and for grammars that are not schemas
     * @param keyword the keyword or construct that is refused; empty if there is none
     */
    public GrammarException(Kind kind, String pointer, String keyword, String message) {
        this(kind, pointer, keyword, message, null);
    }

    private GrammarException(
            Kind kind, String pointer, String keyword, String message, @Nullable String tool) {
        super(message);
        this.kind = kind;
        this.pointer = pointer;
        this.keyword = keyword;
        this.tool = tool;
    }

    /** The same about the parameters of a tool. */
    public GrammarException ofTool(String name) {
        return new GrammarException(kind, pointer, keyword, String.valueOf(getMessage()), name);
    }

    /** Name of the tool whose parameters are the schema; null if it is about none. */
    public @Nullable String tool() {
        return tool;
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
