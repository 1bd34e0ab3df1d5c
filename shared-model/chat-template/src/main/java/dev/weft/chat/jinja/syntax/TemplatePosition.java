package dev.weft.chat.jinja.syntax;

/** A position in a template; line and column from 1. */
public record TemplatePosition(int line, int column) {
    public JinjaSyntaxException fault(String message) {
        return new JinjaSyntaxException(message, this);
    }
}
