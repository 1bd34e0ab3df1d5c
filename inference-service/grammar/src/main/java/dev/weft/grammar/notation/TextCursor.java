package dev.weft.grammar.notation;

import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;

/** A place in a grammar's text. */
final class TextCursor {
    /** Most groups and operators within each other, since recursion goes as deep. */
    private static final int MOST_DEPTH = 200;

    private static final int MOST_TIMES = 1_000_000;

    private final String text;
    private int at;
    private int depth;

    TextCursor(String text) {
        this.text = text;
    }

    int at() {
        return at;
    }

    void goTo(int place) {
        at = place;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The character here; -1 at the end. */
    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : -1;
    }

    boolean looksAt(String expected) {
        return text.startsWith(expected, at);
    }

    boolean take(String expected) {
        if (looksAt(expected)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    /** The code point here; goes on behind it. */
    int next() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    String since(int start) {
        return text.substring(start, at);
    }

    void skipLine() {
        while (!atEnd() && peek() != '\n') {
            at++;
        }
    }

    /** A number of repetitions; -1 if there are no digits. */
    int number() throws GrammarException {
        int start = at;
        long value = -1;
        while (peek() >= '0' && peek() <= '9') {
            value = Math.max(value, 0) * 10 + peek() - '0';
            at++;
            if (value > MOST_TIMES) {
                throw fault(
                        GrammarException.Kind.TOO_LARGE,
                        start,
                        "more than " + MOST_TIMES + " repetitions");
            }
        }
        return (int) value;
    }

    /** Reads that many digits of base 16; -1 if they are not there, and nothing is read then. */
    int hex(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = hexDigit(peek(i));
            if (digit < 0) {
                return -1;
            }
            value = Math.min(value * 16 + digit, Integer.MAX_VALUE);
        }
        at += digits;
        return (int) value;
    }

    /** Reads that many digits of base 16, which must be there. */
    int digits(int place, int count) throws GrammarException {
        int value = hex(count);
        if (value < 0) {
            throw invalid(place, "%s wants %d hexadecimal digits".formatted(since(place), count));
        }
        return value;
    }

    /**
     * The character behind {@code \\u}. A second escape may have the other half of a surrogate
     * pair.
     *
     * @return half of a pair if the other half does not follow
     */
    int unicode(int place) throws GrammarException {
        int value = digits(place, 4);
        if (Character.isHighSurrogate((char) value) && take("\\u")) {
            int low = digits(place, 4);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) value, (char) low);
            }
        }
        return value;
    }

    static int hexDigit(int c) {
        return c < 0 || c > 'f' ? -1 : Character.digit(c, 16);
    }

    void enter() throws GrammarException {
        if (++depth > MOST_DEPTH) {
            throw fault(
                    GrammarException.Kind.TOO_LARGE,
                    at,
                    "groups and operators nest more than " + MOST_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }

    GrammarException invalid(int place, String message) {
        return fault(GrammarException.Kind.INVALID, place, message);
    }

    /**
     * The exception for a construct that is not served.
     *
     * @param construct its name in the message
     */
    GrammarException unsupported(int place, String construct, String instead) {
        return fault(
                GrammarException.Kind.UNSUPPORTED,
                place,
                "%s is not served; %s".formatted(construct, instead));
    }

    GrammarException fault(GrammarException.Kind kind, int place, String message) {
        int line = 1;
        int start = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < place; i = text.indexOf('\n', i + 1)) {
            line++;
            start = i + 1;
        }
        int column = text.codePointCount(start, Math.min(place, text.length())) + 1;
        return new GrammarException(
                kind, "", "", "line %d, column %d: %s".formatted(line, column, message));
    }

    /** What stands here, for messages. */
    String shown() {
        if (atEnd()) {
            return "the end";
        }
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end).strip();
        return line.isEmpty() ? "the end of the line" : "'" + GrammarErrors.shortened(line) + "'";
    }
}
