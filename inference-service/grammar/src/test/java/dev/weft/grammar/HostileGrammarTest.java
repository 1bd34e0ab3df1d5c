package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grammars that are sent to take time and memory end their own request, and that soon. */
@Timeout(60)
final class HostileGrammarTest {
    private static final String NESTS = "\nn ::= \"(\" n \")\" | \"a\"";

    private static GrammarOptions small() {
        GrammarOptions options = GrammarOptions.defaults();
        return new GrammarOptions(
                options.whitespace(),
                options.keyOrder(),
                options.numbers(),
                20_000_000,
                200_000,
                4L << 20,
                () -> false);
    }

    /** Goes through a text as far as the budget lets it; null if it comes to the end. */
    private static @Nullable GrammarException walked(String grammar, String text)
            throws GrammarException {
        TokenMatcher matcher = Grammar.text(grammar, small()).matcher(Walks.WORDS);
        try {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                assertThat(Walks.mask(matcher, Walks.WORDS)).contains(b & 0xFF);
                matcher.accept(b & 0xFF);
            }
            return null;
        } catch (GrammarException e) {
            return e;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "root ::= root \"a\" / \"a\"",
                "root ::= \"a\" x root / \"a\" x¶x ::= \"(\" x \")\" / \"\"",
                "root ::= (n{0,1000000} \"b\"){0,1000000}¶n ::= \"(\" n \")\" / \"a\" / \"\"",
                "root ::= a / a root¶a ::= b¶b ::= a / c¶c ::= \"a\" / b",
                "root ::= a* \"b\" / a* \"c\"¶a ::= \"a\" / \"(\" a \")\"",
            })
    void longTextsTakeNoMoreWithEachStep(String grammar) throws Exception {
        String rules = grammar.replace('/', '|').replace('¶', '\n');
        assertThat(walked(rules, "a".repeat(4_000))).isNull();
    }

    @Test
    void nestsAsDeepAsAnAnswerCan() throws Exception {
        assertThat(
                        walked(
                                "root ::= \"(\" root \")\" | \"[\" root \"]\" | \"a\"",
                                "([".repeat(4_000)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "root ::= root root / root root root / \"a\" / \"\"",
                "root ::= root \"a\" root / \"a\"",
                "root ::= \"a\" root \"a\" / \"b\" root \"b\" / \"a\"",
                "root ::= s¶s ::= s s ws / \"a\" n¶ws ::= \"\" / n¶n ::= \"(\" n \")\" / \"\"",
                "root ::= (((n{0,1000}){0,1000}){0,1000}){0,1000} \"b\"¶n ::= \"(\" n \")\" /"
                        + " \"a\"",
                "start: x¶x: x x / A x A / A¶A: /a/",
            })
    void whatIsAmbiguousEndsWithinItsBudget(String grammar) throws Exception {
        String rules = grammar.replace('/', '|').replace("|a|", "/a/").replace('¶', '\n');
        assertThat(walked(rules, "a".repeat(5_000)))
                .isNotNull()
                .extracting(GrammarException::kind)
                .isEqualTo(GrammarException.Kind.TOO_LARGE);
    }

    @Test
    void emptyTextsInCirclesAreNoTrap() throws Exception {
        String rules =
                """
                root ::= a b c "x"
                a ::= b c a | ""
                b ::= c a b | "" | "y"
                c ::= a b c | ""
                """;
        assertThat(walked(rules, "y".repeat(40) + "x")).isNull();
    }

    @Test
    void sizesAreBounded() {
        refused("root ::= " + "(".repeat(50_000) + "\"a\"" + ")".repeat(50_000), "nest");
        refused("root ::= \"a\"" + "*".repeat(50_000), "nest");
        refused("start: " + "[".repeat(50_000) + "\"a\"" + "]".repeat(50_000), "nest");
        refused("root ::= \"a\" # " + "x".repeat(600_000), "500000 are allowed");
        refused("root ::= " + "n? ".repeat(100_000) + NESTS, "");
        refused(
                "root ::= a0\n"
                        + rules(60, i -> "a%d ::= a%d a%d".formatted(i, i + 1, i + 1))
                        + "\na60 ::= \"a\"",
                "given up");
    }

    @Test
    void manyRulesAndAlternativesAreServed() throws Exception {
        String rules =
                rules(1_500, i -> "r%d ::= \"k%d\" n".formatted(i, i))
                        + NESTS
                        + "\nroot ::= "
                        + IntStream.range(0, 1_500)
                                .mapToObj(i -> "r" + i)
                                .collect(Collectors.joining(" | "));
        assertThat(walked(rules, "k1499((a")).isNull();
        String chain =
                "root ::= a0\n"
                        + rules(
                                400,
                                i -> "a%d ::= a%d \"x\"? | \"(\" a%d \")\"".formatted(i, i + 1, i))
                        + "\na400 ::= \"a\"";
        assertThat(walked(chain, "((axxx)x")).isNull();
    }

    @Test
    void whoHasLeftIsNotWorkedFor() {
        String rules = rules(20_000, i -> "r%d ::= \"k\" n".formatted(i)) + NESTS;
        GrammarOptions left = small().with(() -> true);
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Grammar.text(rules + "\nroot ::= n", left))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(GrammarException.Kind.CANCELLED));
    }

    private static String rules(int count, java.util.function.IntFunction<String> rule) {
        return IntStream.range(0, count).mapToObj(rule).collect(Collectors.joining("\n"));
    }

    private static void refused(String grammar, String words) {
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> {
                    Grammar read = Grammar.text(grammar, small());
                    Walks.mask(read.matcher(Walks.WORDS), Walks.WORDS);
                })
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(GrammarException.Kind.TOO_LARGE));
    }
}
