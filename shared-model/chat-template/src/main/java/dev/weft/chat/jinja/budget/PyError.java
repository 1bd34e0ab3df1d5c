package dev.weft.chat.jinja.budget;

/** An exception as Python or jinja2 raises it while a template runs. */
public final class PyError extends RuntimeException {
    /** The kind of the exception; some builtins catch some kinds. */
    public enum Kind {
        TYPE,
        VALUE,
        LOOKUP,
        OVERFLOW,
        ZERO_DIVISION,
        UNDEFINED,
        SECURITY,
        RUNTIME,
        /** The template's own {@code raise_exception}. */
        RAISED,
        /** Rendering would take more than it may. */
        LIMIT,
        /** Its thread was interrupted. */
        STOPPED
    }

    private final Kind kind;

    public PyError(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public static PyError type(String message) {
        return new PyError(Kind.TYPE, message);
    }

    public static PyError value(String message) {
        return new PyError(Kind.VALUE, message);
    }

    public static PyError lookup(String message) {
        return new PyError(Kind.LOOKUP, message);
    }

    public static PyError overflow(String message) {
        return new PyError(Kind.OVERFLOW, message);
    }

    public static PyError runtime(String message) {
        return new PyError(Kind.RUNTIME, message);
    }

    public static PyError limit(String message) {
        return new PyError(Kind.LIMIT, message);
    }

    public Kind kind() {
        return kind;
    }
}
