package dev.weft.chat;

/** Thrown if a chat template is refused when it is loaded. */
public final class ChatTemplateException extends RuntimeException {
    private final int line;
    private final int column;

    ChatTemplateException(String message, int line, int column) {
        super("chat template, line " + line + ", column " + column + ": " + message);
        this.line = line;
        this.column = column;
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
