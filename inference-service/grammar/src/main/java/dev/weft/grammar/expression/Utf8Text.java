package dev.weft.grammar.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Texts as bytes of UTF-8. Half of a surrogate pair, as JSON's escapes may leave one in a string,
 * has no such bytes: a text with one is in no answer.
 */
public final class Utf8Text {
    private Utf8Text() {}

    /** Whether a text has bytes in UTF-8. */
    public static boolean exists(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair =
                        i + 1 < text.length()
                                && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** An expression for one of several texts; leaves out texts that have no bytes in UTF-8. */
    public static Expression anyOf(Expressions pool, Collection<String> texts) {
        List<byte[]> all = new ArrayList<>();
        for (String text : texts) {
            if (exists(text)) {
                all.add(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return pool.literals(all);
    }
}
