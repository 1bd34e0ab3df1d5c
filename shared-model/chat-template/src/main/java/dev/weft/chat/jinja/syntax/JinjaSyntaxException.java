package dev.weft.chat.jinja.syntax;

/** Thrown if a template can't be read, or uses an unsupported construct. */
public final class JinjaSyntaxException extends RuntimeException {
    private final int line;
    private final int column;

    JinjaSyntaxException(String message, TemplatePosition position) {
        super(message);
        this.line = position.line();
        this.column = position.column();
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The column, from 1. */
    public int column() {
        return column;
    }
}
