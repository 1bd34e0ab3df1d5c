package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Integers among the arguments of calls, which functions take as such. */
final class TypedArgumentsTest {
    private static final int WALKS = 30;
    private static final int MOST_TOKENS = 600;
    private static final JsonNode PARAMETERS =
            JsonMapper.shared()
                    .readTree(
                            """
                            {"type": "object", "properties": {"a": {"type": "integer"},
                             "b": {"type": ["integer", "null"], "minimum": 3}},
                             "required": ["a", "b"], "additionalProperties": false}
                            """);

    static Stream<CallSyntax> syntaxes() {
        return CallSyntaxes.ALL.stream();
    }

    private static ReplyRule rule(CallSyntax syntax, boolean strict, boolean required) {
        List<Tool> tools = List.of(new Tool("f", PARAMETERS, strict));
        return new ReplyRule(new ReplyRule.Calls(syntax, tools, required, false), null);
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void integersOfEveryFormatAreDigitsAlone(CallSyntax syntax) throws Exception {
        Random random = new Random(41);
        int ended = 0;
        for (boolean strict : new boolean[] {false, true}) {
            ReplyRule rule = rule(syntax, strict, true);
            Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
            for (int i = 0; i < WALKS; i++) {
                String reply = walk(grammar, random);
                if (reply == null) {
                    continue;
                }
                ended++;
                String arguments =
                        ParsedReply.inAnyPieces(rule, reply, random).arguments().getFirst();
                assertThat(arguments.replaceAll("\\s", ""))
                        .as(reply)
                        .matches("\\{\"[^\"]+\":(-?\\d+|null),\"[^\"]+\":(-?\\d+|null)\\}");
            }
        }
        assertThat(ended).isGreaterThan(WALKS);
    }

    private static @Nullable String walk(Grammar grammar, Random random) throws GrammarException {
        int end = Walks.WORDS.size() - 1;
        TokenMatcher matcher = grammar.matcher(Walks.WORDS);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS; i++) {
            List<Integer> allowed = Walks.mask(matcher, Walks.WORDS);
            if (allowed.contains(end)) {
                return reply.toString(StandardCharsets.UTF_8);
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            matcher.accept(token);
            reply.writeBytes(Walks.WORDS.bytes(token));
        }
        return null;
    }

    /** The form of the text beside calls has options of its own. */
    @Test
    void textBesideCallsIsWrittenAsItIsAsked() throws Exception {
        ReplyRule rule = rule(CallSyntaxes.HERMES, false, false);
        TextRule text = new TextRule.Schema(JsonMapper.shared().readTree("{\"type\":\"integer\"}"));
        GrammarOptions any = GrammarOptions.defaults();
        Grammar free = Grammar.reply(rule, text, any);
        Grammar typed = Grammar.reply(rule, text, any.with(GrammarOptions.Numbers.TYPED));
        assertThat(Walks.accepts(free, "38.0")).isTrue();
        assertThat(Walks.accepts(typed, "38.0")).isFalse();
        String call =
                """
                <tool_call>
                {"name": "f", "arguments": {"a": %s, "b": 4}}
                </tool_call>\
                """;
        for (Grammar grammar : List.of(free, typed)) {
            assertThat(Walks.accepts(grammar, call.formatted("1000"))).isTrue();
            assertThat(Walks.accepts(grammar, call.formatted("1000.0"))).isFalse();
            assertThat(Walks.accepts(grammar, call.formatted("1000e85"))).isFalse();
        }
    }
}
