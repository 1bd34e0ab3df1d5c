package dev.weft.protocol.adapter;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names of models: the characters of a name, in which {@code *} stands for any characters, none
 * included.
 */
public record NamePattern(@JsonValue String text) {
    /** The rule for patterns. */
    public static final String RULE =
            "1 to 256 letters, digits, '.', '_', '-', '/', '@', ':' or '*', which stands for any"
                    + " characters";

    private static final int LONGEST = 256;
    private static final char ANY = '*';

    public NamePattern {
        if (!isPattern(text)) {
            throw new IllegalArgumentException("'" + text + "' is not allowed: " + RULE);
        }
    }

    /** The pattern of a text; see {@link #RULE}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static NamePattern of(String text) {
        return new NamePattern(text);
    }

    /** True if {@code text} is a pattern. */
    public static boolean isPattern(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST
                && text.chars().allMatch(c -> isPlain(c) || c == ANY);
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "._-/@:".indexOf(c) >= 0;
    }

    /**
     * True if the whole name fits. The time grows at most with the name's length times the
     * pattern's.
     */
    public boolean matches(String name) {
        int at = 0;
        int next = 0;
        int star = -1;
        int resume = 0;
        while (at < name.length()) {
            if (next < text.length() && text.charAt(next) == ANY) {
                star = next++;
                resume = at;
            } else if (next < text.length() && text.charAt(next) == name.charAt(at)) {
                next++;
                at++;
            } else if (star >= 0) {
                next = star + 1;
                at = ++resume; // the last star takes one character more
            } else {
                return false;
            }
        }
        while (next < text.length() && text.charAt(next) == ANY) {
            next++;
        }
        return next == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
