package dev.weft.grammar.reply.format;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;

/**
 * Fixed text in a format. A space in it is a gap: whitespace of 8 bytes at most, or none. Words in
 * angle or square brackets may be added tokens.
 *
 * @param text with gaps, none of them at its end
 */
public record Phrase(String text) {
    /** {@link #match}: the text ends too early, and may become a match. */
    public static final int MORE = -1;

    /** {@link #match}: what is there does not match. */
    public static final int NONE = -2;

    /** The most bytes of whitespace that count as a gap, in the grammar and in the parser. */
    private static final int LONGEST_GAP = 8;

    private static final char GAP = ' ';

    public Phrase {
        if (!text.isEmpty() && text.charAt(text.length() - 1) == GAP) {
            throw new IllegalArgumentException("'" + text + "' ends with a gap");
        }
    }

    /** This phrase and another one behind it, with a gap between them. */
    public Phrase then(Phrase next) {
        return next.text.isEmpty() ? this : new Phrase(text + GAP + next.text);
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** The text up to the first gap. */
    public Phrase head() {
        int gap = text.indexOf(GAP);
        return gap < 0 ? this : new Phrase(text.substring(0, gap));
    }

    /** The text behind {@link #head}. */
    public Phrase rest() {
        return new Phrase(text.substring(head().text.length()));
    }

    /** Whitespace of a gap. */
    public static Expression gap(Expressions pool) {
        Expression one = pool.or(pool.bytes('\t', '\n'), pool.bytes('\r', '\r'));
        return pool.repeat(pool.or(one, pool.bytes(' ', ' ')), 0, LONGEST_GAP);
    }

    /** Matches the phrase, as bytes of tokens. */
    public Expression expression(Expressions pool) {
        return expression(pool, text, true);
    }

    /** A text as it stands, as bytes of tokens. */
    public static Expression exact(Expressions pool, String text) {
        return expression(pool, text, false);
    }

    /** A text as one added token. */
    public static Expression added(Expressions pool, String text) {
        return pool.concat(mark(pool), pool.literal(text));
    }

    private static Expression mark(Expressions pool) {
        return pool.bytes(TokenVocabulary.ADDED & 0xFF, TokenVocabulary.ADDED & 0xFF);
    }

    private static Expression expression(Expressions pool, String text, boolean gaps) {
        Expression all = pool.epsilon();
        Expression mark = mark(pool);
        int end = text.length();
        while (end > 0) {
            int c = text.codePointBefore(end);
            end -= Character.charCount(c);
            if (gaps && c == GAP) {
                all = pool.concat(gap(pool), all);
                continue;
            }
            byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
            all = pool.concat(pool.literal(bytes), all);
            if (c == '<' || c == '[') {
                all = pool.concat(pool.repeat(mark, 0, 1), all);
            }
        }
        return all;
    }

    /**
     * Looks whether a text goes on with this phrase at an offset.
     *
     * @return offset behind the match, {@link #MORE} or {@link #NONE}
     */
    public int match(CharSequence in, int from) {
        int at = from;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == GAP) {
                at = skipGap(in, at);
                continue;
            }
            if (at >= in.length()) {
                return MORE;
            }
            if (in.charAt(at++) != text.charAt(i)) {
                return NONE;
            }
        }
        return at;
    }

    /** Offset behind a gap. */
    public static int skipGap(CharSequence in, int from) {
        int at = from;
        while (at < in.length() && at - from < LONGEST_GAP && isGap(in.charAt(at))) {
            at++;
        }
        return at;
    }

    public static boolean isGap(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }
}
