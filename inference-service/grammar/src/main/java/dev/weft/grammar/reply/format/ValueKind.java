package dev.weft.grammar.reply.format;

import java.util.Set;

/** Whether an argument's text is a string as it stands, or JSON. */
public enum ValueKind {
    /** A string as it stands. */
    STRING,
    /** JSON that is not a string. */
    JSON,
    /**
     * Null, a truth value or a number if it looks like one that its schema allows, else a string.
     */
    EITHER;

    /**
     * The kind of one of a tool's arguments, by the types that its schema names. An argument of
     * which nothing is said is a string.
     */
    public static ValueKind of(Set<String> types) {
        if (types.isEmpty() || (types.size() == 1 && types.contains("string"))) {
            return STRING;
        }
        return types.contains("string") ? EITHER : JSON;
    }
}
