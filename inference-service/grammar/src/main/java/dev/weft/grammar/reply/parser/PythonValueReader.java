package dev.weft.grammar.reply.parser;

import dev.weft.grammar.reply.format.Phrase;
import java.util.Map;

/**
 * Reads one value in Python's notation, and writes it as JSON. It ends before a comma or a closing
 * parenthesis.
 */
final class PythonValueReader {
    private static final Map<String, String> WORDS =
            Map.of("True", "true", "False", "false", "None", "null");

    private final StringBuilder word = new StringBuilder();
    private int depth;
    private char quote;
    private boolean escaped;
    private boolean begun;
    private boolean done;

    boolean done() {
        return done;
    }

    /** Takes text; returns the offset behind what was taken. */
    int read(CharSequence in, int from, StringBuilder out) {
        for (int at = from; at < in.length(); at++) {
            char c = in.charAt(at);
            if (quote != 0) {
                inString(c, out);
            } else if (depth == 0 && begun && (c == ',' || c == ')')) {
                flush(out);
                done = true;
                return at;
            } else {
                outside(c, out);
            }
        }
        return in.length();
    }

    private void outside(char c, StringBuilder out) {
        if (Phrase.isGap(c) && !begun) {
            return;
        }
        begun = true;
        if (Character.isLetterOrDigit(c) || "_.+-".indexOf(c) >= 0) {
            word.append(c);
            return;
        }
        flush(out);
        switch (c) {
            case '"', '\'' -> {
                quote = c;
                out.append('"');
            }
            case '{', '[' -> {
                depth++;
                out.append(c);
            }
            case '}', ']' -> {
                depth--;
                out.append(c);
            }
            default -> out.append(c);
        }
    }

    private void flush(StringBuilder out) {
        if (!word.isEmpty()) {
            out.append(WORDS.getOrDefault(word.toString(), word.toString()));
            word.setLength(0);
        }
    }

    private void inString(char c, StringBuilder out) {
        if (escaped) {
            escaped = false;
            // JSON has no escape of a single quote
            out.append(c == '\'' ? "'" : "\\" + c);
        } else if (c == '\\') {
            escaped = true;
        } else if (c == quote) {
            quote = 0;
            out.append('"');
        } else if (c == '"') {
            out.append("\\\"");
        } else {
            out.append(c);
        }
    }
}
