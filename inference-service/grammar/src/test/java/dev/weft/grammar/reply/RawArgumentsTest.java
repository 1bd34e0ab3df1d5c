package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Arguments that stand as they are, without quotes: the schema says what a text is. */
final class RawArgumentsTest {
    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    /** Pydantic writes references of fields within allOf. */
    @Test
    void whatAllOfSaysOfArgumentsCounts() throws Exception {
        String defs =
                "\"$defs\":{\"Obj\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}}";
        for (String property :
                List.of(
                        "{\"allOf\":[{\"$ref\":\"#/$defs/Obj\"}]}",
                        "{\"allOf\":[{\"type\":\"object\"}],\"title\":\"x\"}")) {
            assertThat(argument(property, defs, "{\"n\": 3}"))
                    .as(property)
                    .isEqualTo("{\"x\": {\"n\": 3}}");
        }
        assertThat(argument("{\"allOf\":[{\"type\":\"integer\"}]}", defs, "3"))
                .isEqualTo("{\"x\": 3}");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> argument("{\"not\":{\"type\":\"string\"}}", defs, "3"))
                .isInstanceOfSatisfying(
                        GrammarException.class,
                        e -> {
                            assertThat(e.pointer()).endsWith("/properties/x");
                            assertThat(e.kind()).isEqualTo(GrammarException.Kind.UNSUPPORTED);
                        });
    }

    @Test
    void referencesOfArgumentsLeadWhereTheSchemasDo() throws Exception {
        String defs =
                "\"$defs\":{\"a b\":{\"type\":\"integer\"},"
                        + "\"c\":{\"$anchor\":\"here\",\"type\":\"boolean\"},"
                        + "\"d\":{\"$id\":\"http://x/d\",\"$ref\":\"#/$defs/e\","
                        + "\"$defs\":{\"e\":{\"type\":\"null\"}}}}";
        assertThat(argument("{\"$ref\":\"#/$defs/a%20b\"}", defs, "3")).isEqualTo("{\"x\": 3}");
        assertThat(argument("{\"$ref\":\"#here\"}", defs, "true")).isEqualTo("{\"x\": true}");
        assertThat(argument("{\"$ref\":\"http://x/d\"}", defs, "null")).isEqualTo("{\"x\": null}");
        assertThat(argument("{\"$ref\":\"#here\"}", defs, "3")).isNull();
    }

    @Test
    void annotationsOfAllArgumentsSayNothing() throws Exception {
        String more =
                "\"$comment\":\"c\",\"x-order\":[\"x\"],\"$anchor\":\"a\",\"deprecated\":true,"
                        + "\"readOnly\":false,\"then\":{\"required\":[\"y\"]},"
                        + "\"unevaluatedProperties\":false,\"minLength\":3";
        assertThat(argument("{\"type\":\"integer\"}", more, "3")).isEqualTo("{\"x\": 3}");
        for (String keyword : List.of("minProperties", "not", "anyOf", "$ref", "propertyNames")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> argument("{}", "\"" + keyword + "\":1", "3"))
                    .isInstanceOfSatisfying(
                            GrammarException.class,
                            e -> assertThat(e.keyword()).isEqualTo(keyword));
        }
    }

    @Test
    void numbersBesideStringsAreDoubles() throws Exception {
        String both = "{\"type\":[\"string\",\"number\"]}";
        assertThat(argument(both, "", "1" + "0".repeat(300))).isNotNull();
        assertThat(argument(both, "", "1" + "0".repeat(309))).isNull();
        assertThat(argument(both, "", "0." + "0".repeat(330) + "1")).isNull();
    }

    /** A text that stands for a number is none of the string's. */
    @Test
    void whatLooksLikeANumberHasToBeValidAsOne() throws Exception {
        String both = "{\"type\":[\"string\",\"integer\",\"null\"],\"maximum\":100}";
        assertThat(argument(both, "", "50")).isEqualTo("{\"x\": 50}");
        assertThat(argument(both, "", "null")).isEqualTo("{\"x\": null}");
        assertThat(argument(both, "", "5000 m")).isEqualTo("{\"x\": \"5000 m\"}");
        assertThat(argument(both, "", "1.5")).isEqualTo("{\"x\": \"1.5\"}");
        assertThat(argument(both, "", "true")).isEqualTo("{\"x\": \"true\"}");
        assertThat(argument(both, "", "5000")).isNull();
        assertThat(argument(both, "", " 5000 ")).isNull();
        String mixed = "{\"enum\":[\"5\",7,\"six\"]}";
        assertThat(argument(mixed, "", "5")).isNull();
        assertThat(argument(mixed, "", "7")).isEqualTo("{\"x\": 7}");
        assertThat(argument(mixed, "", "six")).isEqualTo("{\"x\": \"six\"}");
        assertThat(argument("{\"type\":\"number\"}", "", "0.30000000000000000001"))
                .isEqualTo("{\"x\": 0.30000000000000000001}");
    }

    /** What qwen3_coder's argument of some text is told as; null if the grammar refuses it. */
    private static @Nullable String argument(String property, String more, String text)
            throws GrammarException {
        JsonNode parameters =
                json(
                        "{\"type\":\"object\",\"properties\":{\"x\":"
                                + property
                                + "},\"required\":[\"x\"]"
                                + (more.isEmpty() ? "" : "," + more)
                                + "}");
        ReplyRule rule =
                new ReplyRule(
                        new ReplyRule.Calls(
                                CallSyntaxes.named("qwen3_coder").orElseThrow(),
                                List.of(new Tool("f", parameters, false)),
                                true,
                                true),
                        null);
        Grammar grammar = Grammar.reply(rule, null, GrammarOptions.defaults());
        String reply =
                "<tool_call>\n<function=f>\n<parameter=x>\n"
                        + text
                        + "\n</parameter>\n</function>\n</tool_call>";
        return Walks.accepts(grammar, reply)
                ? ParsedReply.inAnyPieces(rule, reply, new Random(1)).arguments().getFirst()
                : null;
    }
}
