package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TextRule;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls end soon in every format, whatever kinds of values their arguments have. */
final class CallEndingsTest {
    private static final String INTEGER = "{'type':'integer'}";
    private static final String CITY = "{'enum':['Rome','Oslo']}";

    private static final List<String> KINDS =
            List.of(
                    INTEGER,
                    "{'type':'number'}",
                    "{'type':'string'}",
                    CITY,
                    "{'type':['string','integer']}",
                    "{'type':'integer','multipleOf':10,'minimum':5}");

    /**
     * From the kind of a value to that of the next: to itself, to its neighbour, and half around.
     */
    private static final int[] STEPS = {0, 1, 3};

    /** Kinds of values whose endings take many places. */
    private static final List<String> LARGE =
            List.of(
                    "{'type':'object','properties':{'x':{'type':'number'}},'required':['x']}",
                    "{'type':'array','items':{'type':'integer'},'minItems':2}",
                    "{}",
                    "{'type':'boolean'}");

    /** As bytes, and as few of them as the value takes. */
    private static final int MOST_OF_VALUE = 6;

    static List<CallSyntax> formats() {
        return CallSyntaxes.ALL;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void valuesAreNotMadeLonger(CallSyntax syntax) throws Exception {
        for (int i = 0; i < KINDS.size(); i++) {
            for (int step : STEPS) {
                hasShortValues(syntax, List.of(KINDS.get(i), KINDS.get((i + step) % KINDS.size())));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatMayBeLeftOutIs(CallSyntax syntax) throws Exception {
        for (String other : KINDS) {
            hasShortValues(syntax, List.of(CITY, INTEGER, other));
            hasShortValues(syntax, List.of(INTEGER, CITY, other));
            hasShortValues(syntax, List.of(INTEGER, INTEGER, other, other));
        }
    }

    /** The first two are required. */
    private static void hasShortValues(CallSyntax syntax, List<String> kinds)
            throws GrammarException {
        Tool tool = tool("f", kinds, 2);
        String call = callEndsSoon(syntax, tool);
        JsonNode values = arguments(syntax, tool, call);
        assertThat(values.size()).as(call).isEqualTo(2);
        for (JsonNode value : values) {
            assertThat(value.toString().length()).as(call).isLessThanOrEqualTo(MOST_OF_VALUE);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void callsOfManyArgumentsEnd(CallSyntax syntax) throws Exception {
        List<String> kinds =
                IntStream.range(0, 24)
                        .mapToObj(i -> i % 5 == 4 ? LARGE.get(i / 5 % 4) : KINDS.get(i % 6))
                        .toList();
        for (int required : new int[] {0, 3, 12}) {
            Tool tool = tool("f", kinds, required);
            assertThat(arguments(syntax, tool, callEndsSoon(syntax, tool)).size())
                    .isEqualTo(required);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void toolsOfManyArgumentsCanBeCalledBesideOthers(CallSyntax syntax) throws Exception {
        Tool small = tool("small", List.of(INTEGER), 1);
        Tool large = tool("f", IntStream.range(0, 16).mapToObj(i -> LARGE.get(i % 4)).toList(), 16);
        String call = callEndsSoon(syntax, large);
        for (boolean required : new boolean[] {true, false}) {
            Grammar grammar =
                    Grammar.reply(
                            rule(syntax, List.of(small, large), required),
                            null,
                            GrammarOptions.defaults());
            assertThat(refused(grammar, call)).isNull();
        }
    }

    @Test
    void largeArgumentsCanBeWrittenThoughTheyNeedNot() throws Exception {
        String large =
                "{'type':'object','properties':{%s},'required':[%s]}"
                        .formatted(
                                IntStream.range(0, 20)
                                        .mapToObj(i -> "'x" + i + "':" + LARGE.get(i % 4))
                                        .collect(Collectors.joining(",")),
                                IntStream.range(0, 20)
                                        .mapToObj(i -> "'x" + i + "'")
                                        .collect(Collectors.joining(",")));
        String value =
                IntStream.range(0, 20)
                        .mapToObj(i ->
                                "\"x%d\":%s"
                                        .formatted(
                                                i,
                                                List.of("{\"x\":1}", "[1,2]", "1", "true")
                                                        .get(i % 4)))
                        .collect(Collectors.joining(","));
        Tool tool = tool("f", List.of(INTEGER, large), 1);
        Grammar grammar =
                Grammar.reply(
                        rule(CallSyntaxes.named("qwen3_coder").orElseThrow(), List.of(tool), false),
                        null,
                        GrammarOptions.defaults());
        assertThat(
                        refused(
                                grammar,
                                "<tool_call>\n<function=f>\n<parameter=k0>\n7\n</parameter>\n"
                                        + "<parameter=k1>\n{"
                                        + value
                                        + "}\n</parameter>\n</function>\n</tool_call>"))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void noCallIsLeftOutInSilence(CallSyntax syntax) throws Exception {
        Tool small = tool("small", List.of(INTEGER), 1);
        Tool endless = tool("endless", List.of("{'type':'string','minLength':5000}"), 1);
        for (boolean required : new boolean[] {true, false}) {
            Grammar grammar =
                    Grammar.reply(
                            rule(syntax, List.of(small, endless), required),
                            null,
                            GrammarOptions.defaults());
            assertThatThrownBy(() -> grammar.matcher(Walks.BYTES).endWithin(9_000, Set.of()))
                    .isInstanceOf(GrammarException.class)
                    .hasMessageContaining("no short")
                    .hasMessageContaining("is found that the tokens could be kept for");
            assertThat(Walks.allows(grammar, callEndsSoon(syntax, small))).isTrue();
        }
    }

    @Test
    void noTagIsLeftOutInSilence() throws Exception {
        JsonNode endless = json("{'type':'string','minLength':5000}");
        Grammar grammar =
                Grammar.of(
                        new TextRule.Tags(
                                new TagRule(
                                        List.of(
                                                new Tag("<a>", json(INTEGER), "</a>"),
                                                new Tag("<b>", endless, "</b>")),
                                        List.of("<a", "<b"),
                                        false,
                                        true)),
                        GrammarOptions.defaults());
        assertThatThrownBy(() -> grammar.matcher(Walks.BYTES).endWithin(9_000, Set.of()))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("no short text behind '<b>' is found");
    }

    /** A short call, which can come in a reply of text, too. */
    private static String callEndsSoon(CallSyntax syntax, Tool tool) throws GrammarException {
        String call = shortest(rule(syntax, List.of(tool), true));
        Grammar grammar =
                Grammar.reply(rule(syntax, List.of(tool), false), null, GrammarOptions.defaults());
        assertThat(refused(grammar, call)).as(call).isNull();
        return call;
    }

    private static JsonNode arguments(CallSyntax syntax, Tool tool, String call) {
        ReplyRule rule = rule(syntax, List.of(tool), true);
        ParsedReply parsed = ParsedReply.inAnyPieces(rule, call, new Random(1));
        assertThat(parsed.names()).as(call).containsExactly(tool.name());
        return JsonMapper.shared().readTree(parsed.arguments().getFirst());
    }

    private static ReplyRule rule(CallSyntax syntax, List<Tool> tools, boolean required) {
        return new ReplyRule(new ReplyRule.Calls(syntax, tools, required, true), null);
    }

    /** A tool whose arguments have some kinds, the first of them required. */
    private static Tool tool(String name, List<String> kinds, int required) {
        String properties =
                IntStream.range(0, kinds.size())
                        .mapToObj(i -> "'k" + i + "':" + kinds.get(i))
                        .collect(Collectors.joining(","));
        String names =
                IntStream.range(0, required)
                        .mapToObj(i -> "'k" + i + "'")
                        .collect(Collectors.joining(","));
        return new Tool(
                name,
                json(
                        "{'type':'object','properties':{%s},'required':[%s]}"
                                .formatted(properties, names)),
                false);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /** The reply with the fewest tokens that is found. */
    private static String shortest(ReplyRule rule) throws GrammarException {
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        TokenVocabulary vocabulary = Walks.WORDS;
        int least = grammar.matcher(vocabulary).endWithin(Integer.MAX_VALUE, Set.of());
        TokenMatcher matcher = grammar.matcher(vocabulary);
        assertThat(matcher.endWithin(least, Set.of())).isEqualTo(least);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        while (!matcher.mayEnd()) {
            int token = Walks.mask(matcher, vocabulary).getFirst();
            matcher.accept(token);
            reply.writeBytes(vocabulary.bytes(token));
        }
        return reply.toString(StandardCharsets.UTF_8);
    }

    /** What comes before the first byte that an answer that ends in time refuses; null for none. */
    private static @Nullable String refused(Grammar grammar, String text) throws GrammarException {
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        matcher.endWithin(2 * bytes.length + 60, Set.of());
        for (int i = 0; i < bytes.length; i++) {
            if (!matcher.allows(bytes[i] & 0xFF)) {
                return new String(bytes, 0, i, StandardCharsets.UTF_8);
            }
            matcher.accept(bytes[i] & 0xFF);
        }
        return matcher.mayEnd() ? null : text;
    }
}
