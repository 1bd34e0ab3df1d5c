package dev.weft.inference.server.text;

/**
 * Bounds texts by their runs: stretches of white space, or of anything else. The native tokenizer's
 * expressions match within a run and the one behind it, and go back in it character by character.
 * After 10,000,000 such steps in one match (Oniguruma's retry limit) the library panics, which ends
 * the process.
 *
 * @param longestSpace characters of a run of white space; expressions such as {@code \\s+$} take
 *     quadratic time in it
 */
public record TextRuns(int longestSpace) {
    /** The most characters of a run. Expressions go back a few times for each at most. */
    public static final int LONGEST = 1_000_000;

    /** White space of Unicode that Java does not count as such. */
    private static final char NEXT_LINE = '\u0085';

    /** A text has a run that is too long. */
    public static final class LongRunException extends IllegalArgumentException {
        LongRunException(String message) {
            super(message);
        }
    }

    /**
     * The text that the library may get. U+FFFD stands in place of each half of a surrogate pair,
     * since with a half the library would read none of the other pairs.
     *
     * @throws LongRunException if a run is too long
     */
    String checked(String text) {
        StringBuilder mended = null;
        int run = 0;
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean now = isSpace(c);
            run = now == space ? run + 1 : 1;
            space = now;
            if (run > (space ? longestSpace : LONGEST)) {
                throw new LongRunException(
                        "it has more than %d characters %s in a row"
                                .formatted(
                                        space ? longestSpace : LONGEST,
                                        space ? "of white space" : "without white space"));
            }
            if (Character.isSurrogate(c) && isHalf(text, i)) {
                mended = mended == null ? new StringBuilder(text) : mended;
                mended.setCharAt(i, '\uFFFD');
            }
        }
        return mended == null ? text : mended.toString();
    }

    /** What the expressions' {@code \\s} takes, and a few characters more. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }

    private static boolean isHalf(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
