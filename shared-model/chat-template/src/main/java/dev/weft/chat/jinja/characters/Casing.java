package dev.weft.chat.jinja.characters;

import java.util.Locale;

/**
 * Letters' case as Python has it (Unicode's SpecialCasing.txt). Some letters become several
 * characters; a capital sigma becomes the small one for the end of a word, or the other one. Time
 * is linear: the JDK's own methods look for words at each sigma, and copy the text at each
 * character that becomes several.
 */
public final class Casing {
    private static final int SIGMA = 0x3A3;
    private static final int DOTTED_I = 0x130;

    /** Word_Break of MidLetter, MidNumLet and Single_Quote (Unicode Standard Annex 29). */
    private static final String WITHIN_WORDS =
            "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    private Casing() {}

    public static String upper(String text) {
        StringBuilder upper = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            upperOf(c, upper);
        }
        return upper.toString();
    }

    /** Appends a character in upper case; its text is short, however many characters it becomes. */
    private static void upperOf(int c, StringBuilder to) {
        if (c < 0x80) {
            to.append((char) Character.toUpperCase(c));
        } else {
            to.append(Character.toString(c).toUpperCase(Locale.ROOT));
        }
    }

    public static String lower(String text) {
        return lower(text, 0);
    }

    /** The rest of a text in lower case, which may depend on what comes before. */
    public static String lower(String text, int from) {
        StringBuilder lower = new StringBuilder(text.length() - from);
        Words words = new Words(text);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (i >= from) {
                words.lower(c, i, lower);
            }
            i = words.passed(c, i);
        }
        return lower.toString();
    }

    /**
     * Follows the words of a text, which decide about its small sigmas. For one pass from its
     * beginning.
     */
    public static final class Words {
        private final String text;
        private boolean behindCased;

        public Words(String text) {
            this.text = text;
        }

        /** Appends a character in lower case. */
        public void lower(int c, int at, StringBuilder to) {
            if (c == SIGMA) {
                to.append(behindCased && !isBeforeCased(at + 1) ? 'ς' : 'σ');
            } else if (c == DOTTED_I) {
                to.append("i\u0307");
            } else {
                to.appendCodePoint(Character.toLowerCase(c));
            }
        }

        /** Goes on behind a character; returns the next one's index. */
        public int passed(int c, int at) {
            if (!isIgnorable(c)) {
                behindCased = Chars.isCased(c);
            }
            return at + Character.charCount(c);
        }

        /**
         * Whether a cased character follows. A run of ignorable characters is read only for the
         * sigma right before it.
         */
        private boolean isBeforeCased(int from) {
            for (int i = from; i < text.length(); ) {
                int c = text.codePointAt(i);
                if (!isIgnorable(c)) {
                    return Chars.isCased(c);
                }
                i += Character.charCount(c);
            }
            return false;
        }
    }

    /** Unicode's Case_Ignorable. */
    private static boolean isIgnorable(int c) {
        return WITHIN_WORDS.indexOf(c) >= 0
                || switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.FORMAT,
                            Character.MODIFIER_LETTER,
                            Character.MODIFIER_SYMBOL ->
                            true;
                    default -> false;
                };
    }
}
