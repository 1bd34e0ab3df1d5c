package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Answers of a form that the calls of a model look like, with tools beside them. */
final class AnswersLikeCallsTest {
    private static final int WALKS = 30;
    private static final int MOST_TOKENS = 120;

    private static final String PERSON =
            """
            {"type": "object", "properties": {"name": {"enum": ["Ada", "now", "no"]},
             "nam": {"type": "integer"}, "parameters": {"type": "integer"}},
             "required": ["name"], "additionalProperties": false}\
            """;

    private static final String LIST =
            """
            {"type": "array", "uniqueItems": true,
             "items": {"anyOf": [{"type": "integer", "minimum": 10}, {"enum": ["n", "now", null]}]}}\
            """;

    private static final Thought THOUGHT = new Thought("<think>", "</think>", false);

    private static final TokenVocabulary TOKENS =
            Walks.vocabulary(
                    List.of(
                            "{\"",
                            "{\"name",
                            "name",
                            "\": ",
                            "\": \"",
                            "now",
                            "no",
                            "\", \"",
                            "now\"",
                            "par",
                            "parameters",
                            "[n",
                            "[now",
                            "[now(",
                            "[\"",
                            "1, ",
                            ")]",
                            "null",
                            "<think>",
                            "</think>"));

    private static ReplyRule rule(String format, @Nullable Thought thought) {
        Tool tool =
                new Tool(
                        "now",
                        JsonMapper.shared()
                                .readTree(
                                        "{\"type\":\"object\",\"properties\":{\"zone\":{\"enum\":"
                                                + "[1,2]}},\"additionalProperties\":false}"),
                        false);
        return new ReplyRule(
                new ReplyRule.Calls(
                        CallSyntaxes.named(format).orElseThrow(), List.of(tool), false, true),
                thought);
    }

    private static Grammar grammar(ReplyRule rule, String schema) throws GrammarException {
        TextRule answer = new TextRule.Schema(JsonMapper.shared().readTree(schema));
        return Grammar.reply(rule, answer, GrammarOptions.defaults());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void objectsBesideCallsOfObjects(boolean thinks) throws Exception {
        ReplyRule rule = rule("llama3_json", thinks ? THOUGHT : null);
        Grammar grammar = grammar(rule, PERSON);
        String before = thinks ? "<think>hm</think>" : "";
        for (String text :
                List.of(
                        "{\"name\": \"Ada\"}",
                        "{\"name\":\"now\"}",
                        "{\"name\": \"now\", \"nam\": 12}",
                        "{\"nam\": 1, \"name\": \"no\", \"parameters\": 3}")) {
            assertThat(Walks.accepts(grammar, before + text)).as(text).isTrue();
            ParsedReply reply = ParsedReply.inAnyPieces(rule, before + text, new Random(1));
            assertThat(reply.text()).isEqualTo(text);
        }
        for (String text :
                List.of(
                        "{\"names",
                        "{\"name\": \"Bob",
                        "{\"name\": \"now\", \"name",
                        "{\"nam\": 1, \"nam\"",
                        "{\"name\": \"now\", \"parameters\": 3",
                        "Well",
                        "[")) {
            assertThat(Walks.allows(grammar, before + text)).as(text).isFalse();
        }
        String call = "{\"name\": \"now\", \"parameters\": {\"zone\": 2}}";
        assertThat(Walks.accepts(grammar, before + call)).isTrue();
        assertThat(ParsedReply.inAnyPieces(rule, before + call, new Random(1)).names())
                .containsExactly("now");
    }

    @Test
    void listsBesideListsOfCalls() throws Exception {
        ReplyRule rule = rule("pythonic", null);
        Grammar grammar = grammar(rule, LIST);
        for (String text : List.of("[]", "[12, \"now\", null]", "[null]", "[\"n\",\"now\"]")) {
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
            assertThat(ParsedReply.inAnyPieces(rule, text, new Random(1)).text()).isEqualTo(text);
        }
        for (String text : List.of("[null, null", "[n]", "[nu(", "[1]", "[11, 11]", "x")) {
            assertThat(Walks.allows(grammar, text)).as(text).isFalse();
        }
        assertThat(Walks.accepts(grammar, "[now(zone=1), now()]")).isTrue();
    }

    @Test
    void anyTextOfARuleBesideCalls() throws Exception {
        Grammar grammar =
                Grammar.reply(
                        rule("pythonic", null),
                        new TextRule.Regex("\\[n[a-z]*\\]|\\[now\\[x"),
                        GrammarOptions.defaults());
        for (String text : List.of("[n]", "[now]", "[nowhere]", "[now[x", "[now()]")) {
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
        }
        assertThat(Walks.allows(grammar, "[now[y")).isFalse();
        assertThat(Walks.allows(grammar, "[now(x")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"llama3_json,false", "llama3_json,true", "pythonic,false", "pythonic,true"})
    void everyWalkIsACallOrHasTheForm(String format, boolean thinks) throws Exception {
        ReplyRule rule = rule(format, thinks ? THOUGHT : null);
        String schema = format.equals("pythonic") ? LIST : PERSON;
        Grammar grammar = grammar(rule, schema);
        Random random = new Random(5);
        int calls = 0;
        int answers = 0;
        for (int i = 0; i < WALKS; i++) {
            String reply = walk(grammar, random);
            ParsedReply read = ParsedReply.inAnyPieces(rule, reply, random);
            if (read.names().isEmpty()) {
                assertThat(Walks.accepts(Walks.schema(schema), read.text())).as(reply).isTrue();
                answers++;
            } else {
                assertThat(read.text()).as(reply).isEmpty();
                calls++;
            }
        }
        assertThat(calls).isPositive();
        assertThat(answers).isPositive();
    }

    private static String walk(Grammar grammar, Random random) throws GrammarException {
        int end = TOKENS.size() - 1;
        TokenMatcher matcher = grammar.matcher(TOKENS);
        assertThat(matcher.endWithin(MOST_TOKENS, Set.of())).isLessThan(MOST_TOKENS);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        while (true) {
            List<Integer> allowed = Walks.mask(matcher, TOKENS);
            assertThat(allowed).as(reply.toString(StandardCharsets.UTF_8)).isNotEmpty();
            int token = allowed.get(random.nextInt(allowed.size()));
            if (token == end || matcher.mayEnd()) {
                return reply.toString(StandardCharsets.UTF_8);
            }
            matcher.accept(token);
            reply.writeBytes(Objects.requireNonNull(TOKENS.bytes(token)));
        }
    }

    @Test
    void masksAllowWhatEachTokenAlone() throws Exception {
        sameMasks("llama3_json", PERSON, "{\"name\": \"now\", \"nam\": 1}");
        sameMasks("llama3_json", PERSON, "{\"name\": \"now\", \"parameters\": {\"zone\": 1}}");
        sameMasks("pythonic", LIST, "[null, 123, \"now\"]");
        sameMasks("pythonic", LIST, "[now(zone=2)]");
    }

    private static void sameMasks(String format, String schema, String reply) throws Exception {
        TokenMatcher matcher = grammar(rule(format, null), schema).matcher(TOKENS);
        for (byte b : reply.getBytes(StandardCharsets.UTF_8)) {
            assertThat(Walks.mask(matcher, TOKENS)).isEqualTo(Walks.oneByOne(matcher, TOKENS));
            matcher.accept(b);
        }
        assertThat(matcher.mayEnd()).isTrue();
    }
}
