package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grammars as people write them. */
@Timeout(120)
final class GrammarFilesTest {
    private static final TokenVocabulary TOKENS =
            Walks.vocabulary(
                    List.of(
                            "1. ", "e4", "\n2", "x", "=Q", "- ", "(", "((", " + ", "+1", "12",
                            "int ", "return", " x", " = ", ";\n", "{\n", "}", "if (", "\"a", "\": ",
                            "\", \"", "{\"", "é", " select", "SELECT", " from", "from t", "where",
                            " and ", "'a", "' ", ",", ", ", "--", "//", "==", "f(", ")", ");",
                            "in (", "null", "true"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "arithmetic.gbnf|1+2*(3-x)^2/4.25",
                "arithmetic.gbnf|-a^-2^(3)",
                "json.gbnf|{\"a\": [1, 2.5e3, {\"b\": null}], \"é\\u00e9\": \"x\"}",
                "json.gbnf|{}",
                "list.gbnf|- a loaf\\n- crème fraîche\\n- 日本茶\\n",
                "chess.gbnf|1. e4 e5\\n2. Nf3 Nc6\\n3. Bb5 a6\\n",
                "chess.gbnf|1. O-O-O+ exd5=Q\\n2. e4 e5\\n",
                "c.gbnf|int main() { int x = 3; if (x == 3) return f(x, \"a\"); else { x += 2; }"
                        + " // c\\n return 0; }",
                "c.gbnf|int a;float b = 1.5;",
                "sql.lark|select a, b.c as d from t where x = 1 and not y in (1,2) order by a desc"
                        + " limit 5;",
                "sql.lark|SELECT count(*) FROM t LEFT JOIN u ON t.id = u.id WHERE name is not null",
                "sql.lark|select*from(select 1 from x)y -- c",
                "calculator.lark|x = 1 + 2\\n(x*3)\\n",
            })
    void takesWhatTheySay(String file, String text) throws Exception {
        String all = text.replace("\\n", "\n");
        Grammar grammar = read(file);
        assertThat(Walks.accepts(grammar, all)).isTrue();
        assertThat(Walks.accepts(grammar, all.substring(0, all.length() / 2))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "arithmetic.gbnf|1++2",
                "arithmetic.gbnf|(1",
                "json.gbnf|{\"a\":}",
                "json.gbnf|[1]",
                "json.gbnf|{\"a\": \"\\x\"}",
                "list.gbnf|- a",
                "chess.gbnf|1. e4 e5\\n",
                "c.gbnf|ints x;",
                "c.gbnf|int f( {}",
                "sql.lark| select a from b",
                "sql.lark|select from x",
                "calculator.lark|x = \\n",
            })
    void takesNothingElse(String file, String text) throws Exception {
        assertThat(Walks.accepts(read(file), text.replace("\\n", "\n"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arithmetic.gbnf",
                "json.gbnf",
                "list.gbnf",
                "chess.gbnf",
                "c.gbnf",
                "sql.lark",
                "calculator.lark"
            })
    void everyWalkGoesOnOrEndsAndEveryMaskIsExact(String file) throws Exception {
        Grammar grammar = read(file);
        Random random = new Random(3);
        for (int walk = 0; walk < 25; walk++) {
            TokenMatcher matcher = grammar.matcher(TOKENS);
            for (int i = 0; i < 40; i++) {
                List<Integer> allowed = Walks.mask(matcher, TOKENS);
                assertThat(allowed).isNotEmpty();
                if (random.nextInt(5) == 0) {
                    assertThat(allowed).isEqualTo(Walks.oneByOne(matcher, TOKENS));
                }
                int token = allowed.get(random.nextInt(allowed.size()));
                if (token == TOKENS.size() - 1) {
                    break;
                }
                matcher.accept(token);
                if (random.nextInt(10) == 0) {
                    matcher.rollback(1);
                    assertThat(Walks.mask(matcher, TOKENS)).isEqualTo(allowed);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.gbnf", "sql.lark"})
    void whatIsForgottenIsFoundAgain(String file) throws Exception {
        GrammarOptions options = GrammarOptions.defaults();
        GrammarOptions small =
                new GrammarOptions(
                        options.whitespace(),
                        options.keyOrder(),
                        options.numbers(),
                        options.compileBudget(),
                        options.walkBudget(),
                        1 << 20,
                        () -> false);
        Grammar whole = read(file);
        Grammar forgetting = Grammar.text(text(file), small);
        Random random = new Random(5);
        for (int walk = 0; walk < 40; walk++) {
            TokenMatcher one = whole.matcher(TOKENS);
            TokenMatcher other = forgetting.matcher(TOKENS);
            for (int i = 0; i < 60; i++) {
                List<Integer> allowed = Walks.mask(one, TOKENS);
                assertThat(Walks.mask(other, TOKENS)).isEqualTo(allowed);
                int token = allowed.get(random.nextInt(allowed.size()));
                if (token == TOKENS.size() - 1) {
                    break;
                }
                one.accept(token);
                other.accept(token);
            }
        }
        assertThat(forgetting.bytes()).isLessThan(1 << 20);
        assertThat(whole.bytes()).isGreaterThan(forgetting.bytes());
    }

    static Grammar read(String file) throws GrammarException, IOException {
        return Grammar.text(text(file), GrammarOptions.defaults());
    }

    private static String text(String file) throws IOException {
        try (InputStream in = GrammarFilesTest.class.getResourceAsStream("notation/" + file)) {
            return new String(
                    Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
