package dev.weft.grammar.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.Grammar;
import dev.weft.grammar.TextRule;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Thought;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers that have to end within a number of tokens always do, and validly. */
final class CompletingWalkTest {
    private static final Path BENCH = Path.of("../../../shared/schemas/maskbench.jsonl.gz");

    private static final int ROUNDS = 8;

    /** Every so many schemas of the benchmark are tried here. */
    private static final int EVERY = 600;

    /** Every so many states a mask is compared with each token on its own. */
    private static final int COMPARED = 29;

    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private static final List<String> SCHEMAS =
            List.of(
                    "{'type':'object','properties':{'name':{'type':'string'},'id':{'type':"
                            + "'integer','minimum':3}},'required':['id','name']}",
                    "{'type':'object'}",
                    "true",
                    "{'type':'array','items':{'type':'string'},'minItems':3,'uniqueItems':true}",
                    "{'oneOf':[{'type':'object','properties':{'kind':{'const':'a'},'b':{'type':"
                            + "'null'}},'required':['kind','b'],'additionalProperties':false},"
                            + "{'type':'object','properties':{'kind':{'enum':['a','b']},'id':"
                            + "{'multipleOf':4}},'required':['kind','id'],"
                            + "'additionalProperties':false}]}",
                    "{'type':'object','properties':{'next':{'$ref':'#'},'v':{'type':'string',"
                            + "'pattern':'^[ab]{2,9}$'}},'required':['v'],"
                            + "'additionalProperties':false}",
                    "{'type':'object','propertyNames':{'minLength':2,'maxLength':4},"
                            + "'additionalProperties':{'type':'array'},'minProperties':3}",
                    "{'type':'object','patternProperties':{'^x-':{'type':'null'}},'properties':"
                            + "{'x-a':true,'name':{'format':'date'}},'required':['name','x-a'],"
                            + "'additionalProperties':false}",
                    "{'type':'array','contains':{'const':'abc'},'minContains':2,'items':"
                            + "{'type':'string'}}",
                    "{'if':{'properties':{'a':{'const':1}},'required':['a']},'then':{'required':"
                            + "['b']},'else':{'required':['long name']},'type':'object'}",
                    "{'type':'number','minimum':1.5}");

    @Test
    void everyAnswerEndsInTimeAndIsValid() throws Exception {
        Random random = new Random(207);
        for (String text : SCHEMAS) {
            String schema = text.replace('\'', '"');
            Schema oracle = oracle(JsonMapper.shared().readTree(schema));
            Grammar grammar = Walks.schema(schema);
            int least = least(grammar);
            for (int i = 0; i < ROUNDS; i++) {
                if (grammar.bytes() > GrammarOptions.defaults().memoryBudget() / 2) {
                    // it keeps what walks find, as those do that requests share
                    grammar = Walks.schema(schema);
                }
                int most = least + random.nextInt(1 + 4 * i);
                String answer = walk(grammar, random, most, i % 2 == 0);
                JsonNode value = EXACT.readTree(answer);
                assertThat(oracle.validate(value)).as(schema + " and " + answer).isEmpty();
            }
        }
    }

    @Test
    void endsTextsOfGrammarsInTime() throws Exception {
        Random random = new Random(208);
        List<Grammar> grammars =
                List.of(
                        Grammar.regex("[a-c]{3,}(x|yz)+", GrammarOptions.defaults()),
                        Grammar.choice(List.of("aaaa", "ab ba", "b"), GrammarOptions.defaults()),
                        Grammar.text(
                                "root ::= sum\nsum ::= sum [-+] number | number\n"
                                        + "number ::= [0-9]+ | \"(\" sum \")\"",
                                GrammarOptions.defaults()),
                        Grammar.text(
                                "root ::= \"{\" (root (\",\" root)*)? \"}\" | \"[\" root \"]\"",
                                GrammarOptions.defaults()),
                        Grammar.text(
                                "start: NUMBER (OP NUMBER)*\nNUMBER: /[0-9]+/\nOP: \"+\" | \"-\"\n"
                                        + "%ignore \" \"",
                                GrammarOptions.defaults()));
        for (Grammar grammar : grammars) {
            int least = least(grammar);
            for (int i = 0; i < 60; i++) {
                String answer = walk(grammar, random, least + random.nextInt(1 + i), i % 2 == 0);
                assertThat(Walks.accepts(grammar, answer)).as(answer).isTrue();
            }
        }
    }

    @Test
    void closesCallsAndThoughtsInTime() throws Exception {
        Random random = new Random(210);
        Tool tool =
                new Tool(
                        "note",
                        JsonMapper.shared()
                                .readTree(
                                        "{\"type\":\"object\",\"properties\":{\"text\":"
                                                + "{\"type\":\"string\"},\"links\":{\"type\":"
                                                + "\"array\",\"items\":{\"type\":\"string\"},"
                                                + "\"minItems\":1}},\"required\":[\"text\","
                                                + "\"links\"]}"),
                        false);
        for (boolean required : new boolean[] {true, false}) {
            ReplyRule.Calls calls =
                    new ReplyRule.Calls(CallSyntaxes.HERMES, List.of(tool), required, true);
            Grammar grammar =
                    Grammar.reply(
                            new ReplyRule(calls, new Thought("<think>", "</think>", true)),
                            new TextRule.Schema(
                                    JsonMapper.shared().readTree("{\"type\":\"array\"}")),
                            GrammarOptions.defaults());
            int least = least(grammar);
            assertThat(least).isLessThan(required ? 80 : 20);
            for (int i = 0; i < 8 * ROUNDS; i++) {
                String reply = walk(grammar, random, least + random.nextInt(60), i % 2 == 0);
                assertThat(Walks.accepts(grammar, reply)).as(reply).isTrue();
            }
        }
    }

    @Test
    void tellsWhatTheShortestAnswerTakes() throws Exception {
        Grammar grammar =
                Walks.schema("{\"type\":\"array\",\"items\":{\"const\":true},\"minItems\":50}");
        assertThat(grammar.matcher(Walks.WORDS).endWithin(10, Set.of())).isEqualTo(102);
        Grammar endless = Walks.schema("{\"type\":\"array\",\"minItems\":1000000}");
        assertThatThrownBy(() -> endless.matcher(Walks.WORDS).endWithin(10, Set.of()))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("no short answer is found");
    }

    @Test
    void goesBackToEarlierPlans() throws Exception {
        Grammar grammar = Walks.schema("{\"type\":\"string\"}");
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        matcher.endWithin(4, Set.of());
        matcher.accept('"');
        matcher.accept('a');
        assertThat(matcher.allows('b')).isFalse();
        matcher.rollback(1);
        assertThat(matcher.allows('b')).isTrue();
        matcher.accept('"');
        assertThat(matcher.mayEnd()).isTrue();
    }

    @Test
    void usesNoTokensThatNobodyChooses() throws Exception {
        Grammar grammar = Walks.schema("{\"const\":true}");
        int whole = 256 + 14;
        assertThat(new String(Walks.WORDS.bytes(whole), StandardCharsets.UTF_8)).isEqualTo("true");
        assertThat(grammar.matcher(Walks.WORDS).endWithin(9, Set.of())).isEqualTo(2);
        assertThat(grammar.matcher(Walks.WORDS).endWithin(9, Set.of(whole))).isEqualTo(5);
    }

    static boolean areThere() {
        return Files.isRegularFile(BENCH);
    }

    @Test
    @EnabledIf(value = "areThere", disabledReason = "../shared/schemas is not there")
    void endsAnswersByRealSchemasInTime() throws Exception {
        Random random = new Random(209);
        int served = 0;
        int unknown = 0;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(BENCH)),
                                StandardCharsets.UTF_8))) {
            String line;
            for (int i = 0; (line = lines.readLine()) != null; i++) {
                if (i % EVERY != 0) {
                    continue;
                }
                JsonNode row = JsonMapper.shared().readTree(line);
                Grammar grammar;
                try {
                    grammar = Grammar.jsonSchema(row.path("schema"), GrammarOptions.defaults());
                } catch (GrammarException e) {
                    continue;
                }
                served++;
                unknown += endsInTime(row, grammar, random) ? 0 : 1;
            }
        }
        assertThat(served).isGreaterThan(10);
        assertThat(unknown).isZero();
    }

    private static boolean endsInTime(JsonNode row, Grammar grammar, Random random)
            throws GrammarException {
        String name = row.path("name").asString("");
        int least;
        try {
            least = least(grammar);
        } catch (GrammarException e) {
            return false;
        }
        Schema oracle;
        try {
            oracle = oracle(row.path("schema"));
        } catch (RuntimeException e) {
            // the validator refuses the schema
            return true;
        }
        for (int most : new int[] {least, least + 3, least + 40}) {
            String answer;
            try {
                answer = walk(grammar, random, most, most % 2 == 0);
            } catch (GrammarException | AssertionError e) {
                throw new AssertionError(name, e);
            }
            JsonNode value = EXACT.readTree(answer);
            boolean valid = oracle.validate(value).isEmpty();
            assertThat(valid).as(name + " " + answer).isTrue();
        }
        return true;
    }

    private static Schema oracle(JsonNode schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    private static int least(Grammar grammar) throws GrammarException {
        return grammar.matcher(Walks.WORDS).endWithin(Integer.MAX_VALUE, Set.of());
    }

    /**
     * An answer of at most some tokens, its end included.
     *
     * @param longest whether to go on with the longest token, as a model that never ends
     */
    private static String walk(Grammar grammar, Random random, int most, boolean longest)
            throws GrammarException {
        TokenVocabulary vocabulary = Walks.WORDS;
        int end = vocabulary.size() - 1;
        TokenMatcher matcher = grammar.matcher(vocabulary);
        assertThat(matcher.endWithin(most, Set.of())).isLessThanOrEqualTo(most);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int i = 1; i <= most; i++) {
            List<Integer> allowed = Walks.mask(matcher, vocabulary);
            assertThat(allowed).as("behind " + answer).isNotEmpty();
            if (random.nextInt(COMPARED) == 0) {
                assertThat(Walks.oneByOne(matcher, vocabulary)).isEqualTo(allowed);
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            if (longest && allowed.size() > 1 && token == end) {
                token = allowed.getFirst();
            }
            if (token == end) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            try {
                matcher.accept(token);
            } catch (IllegalArgumentException e) {
                throw new AssertionError(
                        "i "
                                + i
                                + " of "
                                + most
                                + " "
                                + answer
                                + " then "
                                + new String(vocabulary.bytes(token), StandardCharsets.UTF_8)
                                + " of "
                                + allowed.size()
                                + allowed
                                + " "
                                + matcher.allows(token),
                        e);
            }
            answer.writeBytes(vocabulary.bytes(token));
        }
        throw new AssertionError("no end within " + most + " tokens: " + answer);
    }
}
