package dev.weft.model.chat.jinja.value;

/**
 * A string. Its length and positions count code points, as Python's do. Equality does not ask for
 * {@code markup}.
 *
 * @param markup text that is HTML already (markupsafe's Markup): what is joined to it with {@code
 *     +} gets escaped
 */
public record Str(String text, boolean markup) implements Value {
    public static final Str EMPTY = new Str("", false);

    public Str {
        Budget.chars(text.length());
    }

    public Str(String text) {
        this(text, false);
    }

    /** Length in code points. */
    public int length() {
        return text.codePointCount(0, text.length());
    }

    /** Code points {@code from} to {@code to}; both within the string. */
    public String slice(int from, int to) {
        int begin = text.offsetByCodePoints(0, from);
        return text.substring(begin, text.offsetByCodePoints(begin, to - from));
    }

    /** Another text that is markup where this one is. */
    public Str like(String other) {
        return new Str(other, markup);
    }

    /** {@code this + other}. */
    public Str plus(Str other) {
        Budget.room((long) text.length() + other.text.length());
        if (markup || other.markup) {
            return new Str(escaped().text + other.escaped().text, true);
        }
        return new Str(text.concat(other.text));
    }

    /** This text as markup: escaped unless it is markup already. */
    public Str escaped() {
        return markup ? this : new Str(escape(text), true);
    }

    /** Replaces the five characters that markupsafe replaces. */
    public static String escape(String text) {
        Budget.room(5L * text.length());
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
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
    public String typeName() {
        return markup ? "Markup" : "str";
    }
}
