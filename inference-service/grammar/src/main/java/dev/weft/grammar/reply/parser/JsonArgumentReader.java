package dev.weft.grammar.reply.parser;

import dev.weft.grammar.reply.format.Phrase;

/** Reads arguments that are a JSON object already, up to its end. */
final class JsonArgumentReader implements ArgumentReader {
    private int depth;
    private boolean begun;
    private boolean string;
    private boolean escaped;

    @Override
    public int read(CharSequence in, int from, StringBuilder out) {
        int at = from;
        while (!begun && at < in.length() && Phrase.isGap(in.charAt(at))) {
            at++;
        }
        while (at < in.length() && !done()) {
            char c = in.charAt(at++);
            begun = true;
            out.append(c);
            if (string) {
                inString(c);
            } else {
                outside(c);
            }
        }
        return at;
    }

    private void inString(char c) {
        if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            string = false;
        }
    }

    private void outside(char c) {
        switch (c) {
            case '"' -> string = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
    }

    @Override
    public boolean done() {
        return begun && !string && depth <= 0;
    }
}
