package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A grammar's text is served within its budget or refused with a reason. */
class GrammarTextFuzzTest {
    private static final GrammarOptions OPTIONS = options();

    private static GrammarOptions options() {
        GrammarOptions defaults = GrammarOptions.defaults();
        return new GrammarOptions(
                defaults.whitespace(),
                defaults.keyOrder(),
                defaults.numbers(),
                2_000_000,
                200_000,
                8L << 20,
                () -> false);
    }

    /**
     * The last byte chooses the way through the grammar, on which each mask holds what tokens alone
     * are.
     */
    @FuzzTest
    void servesOrRefuses(byte[] bytes) {
        int way = bytes.length == 0 ? 0 : bytes[bytes.length - 1] & 0xFF;
        try {
            Grammar grammar = Grammar.text(new String(bytes, StandardCharsets.UTF_8), OPTIONS);
            TokenMatcher matcher = grammar.matcher(Walks.WORDS);
            for (int i = 0; i < 12; i++) {
                List<Integer> allowed = Walks.mask(matcher, Walks.WORDS);
                assertThat(allowed).isNotEmpty().isEqualTo(Walks.oneByOne(matcher, Walks.WORDS));
                int token = allowed.get((way + 31 * i) % allowed.size());
                if (token == Walks.WORDS.size() - 1) {
                    return;
                }
                matcher.accept(token);
            }
        } catch (GrammarException e) {
            assertThat(e).message().isNotBlank().hasSizeLessThan(1_000);
        }
    }
}
