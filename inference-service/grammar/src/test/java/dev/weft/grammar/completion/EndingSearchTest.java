package dev.weft.grammar.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Endings are found where rules hide them, with little work and memory. */
final class EndingSearchTest {
    private static final int TOKENS = 430;

    /** An object of 20 keys that others may stand beside. */
    private static final String KEYS =
            "{'type':'object','properties':{%s},'required':[%s]}"
                    .formatted(keys("'key_a%d':{'type':'string'}"), keys("'key_a%d'"));

    private static final String CHOICES =
            "{'type':'object','allOf':[%s]}"
                    .formatted(
                            IntStream.range(0, 12)
                                    .mapToObj(i ->
                                            ("{'anyOf':[{'required':['a%d']},"
                                                            + "{'required':['b%d']}]}")
                                                    .formatted(i, i))
                                    .collect(Collectors.joining(",")));

    private static String keys(String each) {
        return IntStream.range(0, 20).mapToObj(each::formatted).collect(Collectors.joining(","));
    }

    @Test
    void findsWhatArraysHaveToContain() throws Exception {
        for (String schema :
                List.of(
                        "{'type':'array','contains':{'const':5}}",
                        "{'type':'array','contains':{'type':'string'},'maxItems':5}",
                        "{'type':'array','contains':{'type':'object','required':['a']}}",
                        "{'type':'array','contains':{'type':'integer','minimum':5},"
                                + "'minContains':3}")) {
            endsInTime(schema, GrammarOptions.defaults(), 20);
        }
    }

    @Test
    void findsEndsThatChoicesHide() throws Exception {
        String forms =
                List.of("text", "input", "list", "boxes").stream()
                        .map(EndingSearchTest::form)
                        .collect(Collectors.joining(","));
        endsInTime(
                "{'type':'array','minItems':1,'items':{'type':'object','required':['type'],"
                        + "'properties':{'type':{'enum':['text','input','list','boxes']}},"
                        + "'allOf':["
                        + forms
                        + "]}}",
                GrammarOptions.defaults(),
                90);
    }

    private static String form(String type) {
        return ("{'if':{'properties':{'type':{'const':'%1$s'}}},'then':{'required':['type','more'],"
                        + "'type':'object','additionalProperties':false,'properties':{'type':true,"
                        + "'id':{'type':'string','minLength':1},'more':{'type':'object',"
                        + "'required':['of %1$s'],'additionalProperties':false,'properties':"
                        + "{'of %1$s':{'type':'string','minLength':1}}}}}}")
                .formatted(type);
    }

    @Test
    void freeKeysChangeNoEndings() throws Exception {
        endsInTime(KEYS, steps(60_000), TOKENS);
    }

    @Test
    void choicesOfRequiredKeysTakeLittleWork() throws Exception {
        endsInTime(CHOICES, steps(480_000), TOKENS);
    }

    @Test
    void holdsNoMoreThanItCounts() throws Exception {
        Grammar grammar = Walks.schema(KEYS.replace('\'', '"'));
        Random random = new Random(11);
        for (int i = 0; i < 3; i++) {
            walk(grammar, random, TOKENS);
        }
        long before = used();
        assertThat(grammar.bytes()).isLessThan(GrammarOptions.defaults().memoryBudget());
        grammar = Walks.schema("true");
        assertThat(before - used()).isLessThan(2 * GrammarOptions.defaults().memoryBudget());
        assertThat(grammar.bytes()).isPositive();
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void refusesStringsThatAreTooLongToPlanAtOnce() throws Exception {
        Grammar grammar =
                Walks.schema(
                        "{\"type\":\"string\",\"minLength\":50000,\"maxLength\":65536}",
                        steps(10_000));
        assertThatThrownBy(() -> grammar.matcher(Walks.WORDS).endWithin(10, Set.of()))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("no short answer is found");
        Grammar shorter =
                Walks.schema("{\"type\":\"string\",\"minLength\":3000,\"maxLength\":65536}");
        assertThat(shorter.matcher(Walks.WORDS).endWithin(10, Set.of())).isEqualTo(753);
    }

    private static GrammarOptions steps(long walkBudget) {
        GrammarOptions usual = GrammarOptions.defaults();
        return new GrammarOptions(
                usual.whitespace(),
                usual.keyOrder(),
                usual.numbers(),
                usual.compileBudget(),
                walkBudget,
                usual.memoryBudget(),
                usual.cancelled());
    }

    /** Makes some answers of at most some tokens. */
    private static void endsInTime(String text, GrammarOptions options, int most)
            throws GrammarException {
        String schema = text.replace('\'', '"');
        Schema oracle =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JsonMapper.shared().readTree(schema));
        Grammar grammar = Walks.schema(schema, options);
        Random random = new Random(212);
        for (int i = 0; i < 4; i++) {
            String answer = walk(grammar, random, most);
            JsonNode value = JsonMapper.shared().readTree(answer);
            assertThat(oracle.validate(value)).as(schema + " and " + answer).isEmpty();
        }
    }

    private static String walk(Grammar grammar, Random random, int most) throws GrammarException {
        TokenVocabulary vocabulary = Walks.WORDS;
        int end = vocabulary.size() - 1;
        TokenMatcher matcher = grammar.matcher(vocabulary);
        assertThat(matcher.endWithin(most, Set.of())).isLessThanOrEqualTo(most);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 0; i < most; i++) {
            List<Integer> allowed = Walks.mask(matcher, vocabulary);
            assertThat(allowed).as("behind " + answer).isNotEmpty();
            int token = allowed.get(random.nextInt(allowed.size()));
            if (token == end) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            matcher.accept(token);
            answer.writeBytes(vocabulary.bytes(token));
        }
        throw new AssertionError("no end within " + most + " tokens: " + answer);
    }
}
