package dev.weft.chat;

/** A chat template that is refused when it is loaded. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    ChatTemplateException(String message, int line, int column) {
        super("chat template, line " + line + ", column " + column + ": " + message);
        this.line = line;
        this.column = column;
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
