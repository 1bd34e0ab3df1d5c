package dev.weft.chat.jinja.characters;

import dev.weft.chat.jinja.budget.Budget;

/**
 * Looks for one text in another in time proportional to the sum of their lengths; the JDK's search
 * may take their product. It charges the budget for what it reads.
 */
public final class Search {
    /** The length up to which a failed comparison costs no more than a step or two. */
    private static final int SHORT = 16;

    private final String wanted;

    /**
     * Length of the longest border of each prefix of {@link #wanted}; empty if the text is short.
     */
    private final int[] borders;

    public Search(String wanted) {
        this.wanted = wanted;
        this.borders = wanted.length() <= SHORT ? new int[0] : borders(wanted);
    }

    private static int[] borders(String wanted) {
        Budget.scan(2L * wanted.length());
        Budget.bytes(4L * wanted.length());
        int[] borders = new int[wanted.length()];
        int border = 0;
        for (int i = 1; i < wanted.length(); i++) {
            while (border > 0 && wanted.charAt(i) != wanted.charAt(border)) {
                border = borders[border - 1];
            }
            border += wanted.charAt(i) == wanted.charAt(border) ? 1 : 0;
            borders[i] = border;
        }
        return borders;
    }

    /** Works like {@link String#indexOf(String, int)}. */
    public int first(String text, int from) {
        if (borders.length == 0) {
            int at = text.indexOf(wanted, from);
            Budget.scan((at < 0 ? text.length() : at) - (long) Math.min(from, text.length()));
            return at;
        }
        int matched = 0;
        int at = from;
        int read = 0;
        while (at < text.length()) {
            if (matched == 0) {
                at = text.indexOf(wanted.charAt(0), at);
                if (at < 0) {
                    break;
                }
            }
            char c = text.charAt(at);
            while (matched > 0 && c != wanted.charAt(matched)) {
                matched = borders[matched - 1];
            }
            matched += c == wanted.charAt(matched) ? 1 : 0;
            at++;
            if (matched == wanted.length()) {
                Budget.scan(2L * (at - from));
                return at - matched;
            }
            read++;
        }
        Budget.scan(text.length() - (long) Math.min(from, text.length()) + read);
        return -1;
    }

    /** The last place in the text; -1 if there is none. */
    public static int last(String text, String wanted) {
        return wanted.length() <= SHORT
                ? lastOfShort(text, wanted, text.length())
                : mirrored(new Search(reversed(wanted)).first(reversed(text), 0), text, wanted);
    }

    private static int lastOfShort(String text, String wanted, int from) {
        int at = text.lastIndexOf(wanted, from);
        Budget.scan(text.length() - (long) Math.max(at, 0));
        return at;
    }

    private static int mirrored(int at, String text, String wanted) {
        return at < 0 ? -1 : text.length() - at - wanted.length();
    }

    /** Reverses UTF-16 units, surrogate pairs included: the result may only be searched. */
    public static String reversed(String text) {
        Budget.scan(text.length());
        Budget.bytes(2L * text.length());
        char[] chars = new char[text.length()];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = text.charAt(text.length() - 1 - i);
        }
        return new String(chars);
    }
}
