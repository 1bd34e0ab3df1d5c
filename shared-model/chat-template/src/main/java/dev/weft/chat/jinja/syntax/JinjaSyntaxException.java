package dev.weft.chat.jinja.syntax;

/** A template that can't be read, or uses what is not supported. */
public final class JinjaSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    JinjaSyntaxException(String message, Position position) {
        super(message);
        this.line = position.line();
        this.column = position.column();
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** From 1. */
    public int column() {
        return column;
    }
}
