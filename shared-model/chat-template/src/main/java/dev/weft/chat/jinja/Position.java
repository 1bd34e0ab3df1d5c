package dev.weft.chat.jinja;

/** Where something stands in a template; line and column from 1. */
record Position(int line, int column) {
    JinjaSyntaxException fault(String message) {
        return new JinjaSyntaxException(message, this);
    }
}
