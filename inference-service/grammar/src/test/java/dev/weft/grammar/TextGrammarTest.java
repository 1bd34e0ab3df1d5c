package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextGrammarTest {
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
        assertThat(Walks.accepts(Grammar.regex(pattern, GrammarOptions.defaults()), text))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"(a)\\1, back", "(?<=a)b, behind", "a(, ')'", "[b-a], order", "*, repeat"})
    void refusesWhatItDoesNotServeByName(String pattern, String named) {
        assertThatThrownBy(() -> Grammar.regex(pattern, GrammarOptions.defaults()))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(named);
    }

    /** Clients of vLLM write Python's expressions, and may mean others than ECMA-262's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "[^]]+ § write '\\]'",
                "\\[[^]]*\\] § write '\\]'",
                "x|[]a] § write '\\]'",
                "[^]+ § '[\\s\\S]' for any",
                "a{,3}b § write '{0,3}'",
                "a{,} § write '{0,}'",
                "({,12}) § write '{0,12}'",
                "[[:alpha:]]+ § write '\\[:'",
                "[_[:alpha:]] § write '\\[:'",
                "\\a+ § '\\a'",
                "[\\U00000041] § '\\U'",
                "\\x{41} § '\\x'",
                "\\<b> § write '<'",
                "<b\\> § write '>'",
            })
    void refusesWhatLanguagesReadDifferently(String pattern, String named) {
        assertThatThrownBy(() -> Grammar.regex(pattern, GrammarOptions.defaults()))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(GrammarException.Kind.UNSUPPORTED);
                            assertThat(e.keyword()).isEqualTo("regex");
                        })
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "[^\\]]+ § ab",
                "[\\]a] § ]",
                "a{0,3} § aa",
                "a\\{,3} § a{,3}",
                "[\\[:] § :",
                "<b[\\>] § <b>"
            })
    void servesWhatIsWrittenForAllLanguages(String pattern, String text) throws Exception {
        assertThat(Walks.accepts(Grammar.regex(pattern, GrammarOptions.defaults()), text)).isTrue();
    }

    /** A schema's patterns are ECMA-262's by JSON Schema itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {"^[^]$ § x", "^a{,3}$ § a{,3}", "^[[:a]$ § :", "^[^]]$ § x]"})
    void aSchemasPatternIsEcmaScripts(String pattern, String text) throws Exception {
        Grammar grammar = Walks.schema("{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}");
        assertThat(Walks.accepts(grammar, '"' + text + '"')).isTrue();
    }

    /** As annex B has them; the texts are JSON. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "^[\\1]$ § \\u0001 § 1",
                "^\\012$ § \\n § \\u000012",
                "^\\08$ § \\u00008 § 8",
                "^[\\000-\\177]$ § a § é",
                "^[\\400]$ § 0 § Ā",
                "^[\\8]$ § 8 § \\u0008",
                "^[\\c1]$ § \\u0011 § 1",
                "^\\cA$ § \\u0001 § A",
            })
    void readsCharactersByTheirNumbers(String pattern, String valid, String invalid)
            throws Exception {
        Grammar grammar = patterned(pattern);
        assertThat(Walks.accepts(grammar, '"' + valid + '"')).isTrue();
        assertThat(Walks.accepts(grammar, '"' + invalid + '"')).isFalse();
    }

    @Test
    void refusesAControlCharacterWithoutALetter() {
        assertThatThrownBy(() -> patterned("^\\c1$"))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("'\\c'");
    }

    /** Names of users as GitHub has them, and labels of hosts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "^[a-z\\d](?:[a-z\\d]|-(?=[a-z\\d])){0,38}$ § a-b-1 § a--b",
                "^[a-z\\d](?:[a-z\\d]|-(?=[a-z\\d])){0,38}$ §"
                        + " abcdefghijklmnopqrstuvwxyz-0123456789-a §"
                        + " abcdefghijklmnopqrstuvwxyz-0123456789-",
                "^[a-z\\d](?:[a-z\\d]|-(?=[a-z\\d])){0,38}$ § abc §"
                        + " abcdefghijklmnopqrstuvwxyz-0123456789-abc",
                "^(?:(?!--)[a-z-]){1,63}$ § a-b- § a--b",
            })
    void looksAheadInWhatRepeats(String pattern, String valid, String invalid) throws Exception {
        Grammar grammar = patterned(pattern);
        assertThat(Walks.accepts(grammar, '"' + valid + '"')).isTrue();
        assertThat(Walks.accepts(grammar, '"' + invalid + '"')).isFalse();
    }

    private static Grammar patterned(String pattern) throws GrammarException {
        return Walks.schema(
                "{\"type\":\"string\",\"pattern\":\"" + pattern.replace("\\", "\\\\") + "\"}");
    }

    @Test
    void allowsAChoiceAndNothingElse() throws Exception {
        Grammar grammar =
                Grammar.choice(List.of("yes", "yesterday", "no"), GrammarOptions.defaults());
        assertThat(Walks.accepts(grammar, "yes")).isTrue();
        assertThat(Walks.accepts(grammar, "yesterday")).isTrue();
        assertThat(Walks.accepts(grammar, "yester")).isFalse();
        assertThat(Walks.accepts(grammar, "nope")).isFalse();
    }

    @Test
    void aChoiceThatNoTextSpellsIsNone() throws Exception {
        Grammar grammar = Grammar.choice(List.of("\ud800", "yes"), GrammarOptions.defaults());
        assertThat(Walks.accepts(grammar, "yes")).isTrue();
        assertThat(Walks.allows(grammar, "?")).isFalse();
        assertThatThrownBy(() -> Grammar.choice(List.of("a\udc00"), GrammarOptions.defaults()))
                .hasMessageContaining("matches no text");
    }

    /** As the JDK tells of each character alone. */
    @ParameterizedTest
    @CsvSource({
        "L, L",
        "Cs, Cs",
        "C, C",
        "Lu, Lu",
        "Cn, Cn",
        "Nd, Nd",
        "Script=Latin, IsLatin",
        "sc=Han, IsHan",
        "Alphabetic, IsAlphabetic"
    })
    void propertiesAreTheJdks(String property, String named) throws Exception {
        Grammar grammar = Grammar.regex("\\p{" + property + "}|!", GrammarOptions.defaults());
        Pattern oracle = Pattern.compile("\\p{" + named + "}");
        for (int c = '"'; c <= Character.MAX_CODE_POINT; c += c % 97 + 1) {
            String text = Character.toString(c);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                assertThat(Walks.accepts(grammar, text))
                        .as(Integer.toHexString(c))
                        .isEqualTo(oracle.matcher(text).matches());
            }
        }
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
        assertThat(Walks.mask(matcher, vocabulary)).containsExactly(0, 1, 2, 4, 5);
        matcher.accept(1);
        assertThat(Walks.mask(matcher, vocabulary)).containsExactly(3);
        matcher.accept(3);
        assertThat(Walks.mask(matcher, vocabulary)).containsExactly(9);
        matcher.accept(9);
        assertThat(Walks.mask(matcher, vocabulary)).isEmpty();
        matcher.rollback(2);
        assertThat(Walks.mask(matcher, vocabulary)).containsExactly(3);
        assertThatThrownBy(() -> matcher.accept(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givesUpWhatTakesTooMuch() throws Exception {
        Grammar grammar = Grammar.regex("(a|b)*a(a|b){3000}", GrammarOptions.defaults());
        StringBuilder text = new StringBuilder();
        new Random(1).ints(20_000, 'a', 'c').forEach(text::appendCodePoint);
        assertThatThrownBy(() -> Walks.accepts(grammar, text.toString()))
                .isInstanceOf(GrammarException.class)
                .extracting(e -> ((GrammarException) e).kind())
                .isEqualTo(GrammarException.Kind.TOO_LARGE);
    }
}
