package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.characters.Out;

/**
 * A string. Its length and positions count code points, as Python's do. Equality ignores {@code
 * markup}. Immutable; any thread may read it.
 */
public final class Str implements Value {
    public static final Str EMPTY = new Str("", false);

    private final String text;
    private final boolean markup;

    /** Number of code points, counted on first use; -1 before. */
    private int points = -1;

    /**
     * @param markup the text is HTML already (markupsafe's Markup): a text joined to it with {@code
     *     +} gets escaped
     */
    public Str(String text, boolean markup) {
        Budget.string(text.length());
        this.text = text;
        this.markup = markup;
    }

    public Str(String text) {
        this(text, false);
    }

    public String text() {
        return text;
    }

    public boolean markup() {
        return markup;
    }

    /** Length in code points. */
    public int length() {
        int known = points;
        if (known < 0) {
            Budget.scan(text.length());
            known = text.codePointCount(0, text.length());
            points = known;
        }
        return known;
    }

    /** Code points {@code from} to {@code to}; both within the string. */
    public String slice(int from, int to) {
        if (length() == text.length()) {
            Budget.scan(to - (long) from);
            return text.substring(from, to);
        }
        Budget.scan(to);
        int begin = text.offsetByCodePoints(0, from);
        return text.substring(begin, text.offsetByCodePoints(begin, to - from));
    }

    /** Another text, which is markup if this one is. */
    public Str like(String other) {
        return new Str(other, markup);
    }

    /** {@code this + other}. */
    public Str plus(Str other) {
        Budget.room((long) text.length() + other.text.length());
        if (markup || other.markup) {
            return new Str(escaped().text + other.escaped().text, true);
        }
        Budget.scan((long) text.length() + other.text.length());
        return new Str(text.concat(other.text));
    }

    /** This text as markup; it is escaped unless it is markup already. */
    public Str escaped() {
        return markup ? this : new Str(escape(text), true);
    }

    /** Replaces the five characters that markupsafe replaces. */
    public static String escape(String text) {
        Out out = new Out();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '>' -> out.append("&gt;");
                case '<' -> out.append("&lt;");
                case '\'' -> out.append("&#39;");
                case '"' -> out.append("&#34;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Str that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public String typeName() {
        return markup ? "Markup" : "str";
    }
}
