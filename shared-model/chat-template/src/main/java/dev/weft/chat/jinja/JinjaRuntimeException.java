package dev.weft.chat.jinja;

import dev.weft.chat.jinja.budget.PyError;

/** Thrown if a rendering ends with an error. */
public final class JinjaRuntimeException extends RuntimeException {
    private final PyError.Kind kind;
    private final int line;

    JinjaRuntimeException(PyError cause, int line) {
        super(cause.getMessage(), cause);
        this.kind = cause.kind();
        this.line = line;
    }

    public PyError.Kind kind() {
        return kind;
    }

    /** Line of the template, from 1; 0 if it had not begun. */
    public int line() {
        return line;
    }
}
