package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextGrammarTest {
    /** Every byte is a token, and 256 ends. */
    private static final TokenVocabulary BYTES = bytes();

    private static TokenVocabulary bytes() {
        byte[][] all = new byte[257][];
        for (int b = 0; b < 256; b++) {
            all[b] = new byte[] {(byte) b};
        }
        all[256] = new byte[0];
        return TokenVocabulary.of(all, Set.of(256));
    }

    private static boolean matches(Grammar grammar, String text) throws GrammarException {
        TokenMatcher matcher = grammar.matcher(BYTES);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!matcher.allows(b & 0xFF)) {
                return false;
            }
            matcher.accept(b & 0xFF);
        }
        return matcher.mayEnd();
    }

    @ParameterizedTest
    @CsvSource({
        "[a-c]+, abc, true",
        "[a-c]+, abd, false",
        "^a$, a, true",
        "'a{2,3}', aaa, true",
        "'a{2,3}', a, false",
        "(?!ab)[a-z]{2}, ab, false",
        "(?!ab)[a-z]{2}, ac, true",
        "(a|aa)*b{3}, aaaaabbb, true",
        "[^x]é\\d, yé7, true",
        "\\p{Lu}., Äz, true",
        "\\p{Lu}., äz, false",
        "x?^y, y, true",
        "x?^y, xy, false",
    })
    void matchesAsEcmaScriptDoes(String pattern, String text, boolean expected) throws Exception {
        assertThat(matches(Grammar.regex(pattern, GrammarOptions.defaults()), text))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"(a)\\1, back", "(?<=a)b, behind", "a(, ')'", "[b-a], order", "*, repeat"})
    void refusesWhatItDoesNotServeByName(String pattern, String named) {
        assertThatThrownBy(() -> Grammar.regex(pattern, GrammarOptions.defaults()))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(named);
    }

    @Test
    void allowsAChoiceAndNothingElse() throws Exception {
        Grammar grammar =
                Grammar.choice(List.of("yes", "yesterday", "no"), GrammarOptions.defaults());
        assertThat(matches(grammar, "yes")).isTrue();
        assertThat(matches(grammar, "yesterday")).isTrue();
        assertThat(matches(grammar, "yester")).isFalse();
        assertThat(matches(grammar, "nope")).isFalse();
    }

    @Test
    void marksExactlyTheAllowedTokens() throws Exception {
        byte[][] tokens =
                List.of("y", "ye", "yes", "s", "n", "no", "x", "yex", "es").stream()
                        .map(s -> s.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new);
        byte[][] withEnd = new byte[tokens.length + 1][];
        System.arraycopy(tokens, 0, withEnd, 0, tokens.length);
        TokenVocabulary vocabulary = TokenVocabulary.of(withEnd, Set.of(tokens.length));
        TokenMatcher matcher =
                Grammar.choice(List.of("yes", "no"), GrammarOptions.defaults()).matcher(vocabulary);
        assertThat(allowed(matcher, vocabulary)).containsExactly(0, 1, 2, 4, 5);
        matcher.accept(1);
        assertThat(allowed(matcher, vocabulary)).containsExactly(3);
        matcher.accept(3);
        assertThat(allowed(matcher, vocabulary)).containsExactly(9);
        matcher.accept(9);
        assertThat(allowed(matcher, vocabulary)).isEmpty();
        matcher.rollback(2);
        assertThat(allowed(matcher, vocabulary)).containsExactly(3);
        assertThatThrownBy(() -> matcher.accept(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Integer> allowed(TokenMatcher matcher, TokenVocabulary vocabulary)
            throws GrammarException {
        long[] bits = new long[(vocabulary.size() + 63) / 64];
        matcher.mask(bits, Long.MAX_VALUE);
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if ((bits[id >> 6] >>> id & 1) != 0) {
                ids.add(id);
            }
            assertThat(matcher.allows(id)).isEqualTo((bits[id >> 6] >>> id & 1) != 0);
        }
        return ids;
    }

    @Test
    void givesUpWhatTakesTooMuch() throws Exception {
        Grammar grammar = Grammar.regex("(a|b)*a(a|b){3000}", GrammarOptions.defaults());
        StringBuilder text = new StringBuilder();
        new Random(1).ints(20_000, 'a', 'c').forEach(text::appendCodePoint);
        assertThatThrownBy(() -> matches(grammar, text.toString()))
                .isInstanceOf(GrammarException.class)
                .extracting(e -> ((GrammarException) e).kind())
                .isEqualTo(GrammarException.Kind.TOO_LARGE);
    }
}
