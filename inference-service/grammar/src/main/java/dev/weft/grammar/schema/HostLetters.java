package dev.weft.grammar.schema;

import dev.weft.grammar.expression.CodePointSet;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * Letters beyond ASCII that any label of a host's name may have (RFC 5892, PVALID), whatever is
 * beside them: written from left to right, neither marks nor composed with others. Finding them
 * takes some 20 ms, once.
 */
final class HostLetters {
    /**
     * The last code point that is looked at. Those of planes above take more of Punycode's digits.
     */
    private static final int LAST = 0xFFFF;

    /**
     * Blocks of letters that languages are written with today: each further range costs masks some
     * time.
     */
    private static final Set<Character.UnicodeBlock> BLOCKS =
            Set.of(
                    Character.UnicodeBlock.LATIN_1_SUPPLEMENT,
                    Character.UnicodeBlock.LATIN_EXTENDED_A,
                    Character.UnicodeBlock.LATIN_EXTENDED_ADDITIONAL,
                    Character.UnicodeBlock.GREEK,
                    Character.UnicodeBlock.CYRILLIC,
                    Character.UnicodeBlock.HIRAGANA,
                    Character.UnicodeBlock.KATAKANA,
                    Character.UnicodeBlock.CJK_UNIFIED_IDEOGRAPHS,
                    Character.UnicodeBlock.HANGUL_SYLLABLES);

    static final CodePointSet ALL = find();

    private HostLetters() {}

    private static CodePointSet find() {
        CodePointSet set = new CodePointSet().add(0xDF, 0xDF).add(0x3C2, 0x3C2);
        int from = -1;
        for (int c = 0x80; c <= LAST + 1; c++) {
            boolean in = c <= LAST && isPlain(c);
            if (in && from < 0) {
                from = c;
            } else if (!in && from >= 0) {
                set.add(from, c - 1);
                from = -1;
            }
        }
        return set;
    }

    private static boolean isPlain(int c) {
        int type = Character.getType(c);
        return (type == Character.LOWERCASE_LETTER || type == Character.OTHER_LETTER)
                && Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT
                && BLOCKS.contains(Character.UnicodeBlock.of(c))
                && isStable(Character.toString(c));
    }

    private static boolean isStable(String letter) {
        String folded = letter.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC).equals(letter);
    }
}
