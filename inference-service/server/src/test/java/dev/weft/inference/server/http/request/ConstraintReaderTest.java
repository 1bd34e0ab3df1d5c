package dev.weft.inference.server.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import dev.weft.inference.server.constraint.AnswerForm;
import dev.weft.inference.server.constraint.AnswerRule;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.request.rule.ConstraintReader;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintReaderTest {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}";
    private static final ConstraintReader READER = new ConstraintReader(true, null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"response_format\":null,\"structured_outputs\":null}",
                "{\"response_format\":{\"type\":\"text\"},\"guided_json\":null}",
            })
    void answersMayBeAnyTextUnlessAFieldSaysOtherwise(String body) {
        assertThat(read(body)).isEmpty();
        assertThat(new ConstraintReader(false, null).read(fields(body))).isEmpty();
    }

    @Test
    void readsEachFormUnderEachOfItsNames() {
        for (String schema :
                List.of(
                        "{\"structured_outputs\":{\"json\":" + SCHEMA + "}}",
                        "{\"guided_json\":" + SCHEMA + "}",
                        "{\"guided_json\":\"" + SCHEMA.replace("\"", "\\\"") + "\"}",
                        schema("", ""))) {
            AnswerRule rule = rule(schema);
            assertThat(rule.form().kind()).isEqualTo(AnswerForm.Kind.JSON_SCHEMA);
            assertThat(rule.form().text()).isEqualTo(SCHEMA);
            assertThat(rule.keyOrder()).isEqualTo(GrammarOptions.KeyOrder.ANY);
            assertThat(rule.whitespace()).isEqualTo(GrammarOptions.Whitespace.BOUNDED);
        }
        assertThat(rule("{\"structured_outputs\":{\"regex\":\"a+\"}}").form())
                .isEqualTo(rule("{\"guided_regex\":\"a+\"}").form())
                .isEqualTo(new AnswerForm.Regex("a+"));
        assertThat(rule("{\"structured_outputs\":{\"choice\":[\"a\",\"b\"]}}").form())
                .isEqualTo(rule("{\"guided_choice\":[\"a\",\"b\"]}").form())
                .isEqualTo(new AnswerForm.Choice(List.of("a", "b")));
        assertThat(rule("{\"structured_outputs\":{\"grammar\":\"root ::= \\\"a\\\"\"}}").form())
                .isEqualTo(rule("{\"guided_grammar\":\"root ::= \\\"a\\\"\"}").form())
                .isEqualTo(new AnswerForm.Rules("root ::= \"a\""));
        assertThat(rule("{\"structured_outputs\":{\"json_object\":true}}").form())
                .isEqualTo(rule("{\"response_format\":{\"type\":\"json_object\"}}").form())
                .isEqualTo(new AnswerForm.AnyObject());
    }

    @Test
    void strictSchemasKeepTheirOrderOfKeysAndAllTypeTheirNumbers() {
        String strict =
                "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}";
        AnswerRule rule =
                rule(
                        "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                + "{\"name\":\"x\",\"strict\":true,\"schema\":"
                                + strict
                                + "}}}");
        assertThat(rule.keyOrder()).isEqualTo(GrammarOptions.KeyOrder.DECLARED);
        assertThat(rule.numbers()).isEqualTo(GrammarOptions.Numbers.TYPED);
        AnswerRule other =
                rule(
                        "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                + "{\"name\":\"x\",\"schema\":{}}}}");
        assertThat(other.keyOrder()).isEqualTo(GrammarOptions.KeyOrder.ANY);
        assertThat(other.numbers()).isEqualTo(GrammarOptions.Numbers.TYPED);
        assertThat(rule("{\"structured_outputs\":{\"json\":{}}}").numbers())
                .isEqualTo(GrammarOptions.Numbers.ANY);
    }

    @Test
    void decimalsOfSchemasAreThoseThatAreWritten() {
        String schema = "{\"maximum\":12345678901234567.5,\"enum\":[0.12345678901234567,1.0]}";
        for (String body :
                List.of(
                        "{\"guided_json\":" + schema + "}",
                        "{\"guided_json\":\"" + schema.replace("\"", "\\\"") + "\"}",
                        "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                + "{\"name\":\"x\",\"schema\":"
                                + schema
                                + "}}}")) {
            assertThat(rule(body).form().text()).isEqualTo(schema);
        }
        String tag =
                "{\"structures\":[{\"begin\":\"<f>\",\"schema\":"
                        + schema
                        + ",\"end\":\"</f>\"}],\"triggers\":[\"<f\"]}";
        String asText = "{\"structural_tag\":\"" + tag.replace("\"", "\\\"") + "\"}";
        assertThat(rule(asText).form().text()).isEqualTo(tag);
    }

    @Test
    void readsVllmsOptions() {
        AnswerRule rule =
                rule(
                        "{\"structured_outputs\":{\"json\":{\"properties\":{\"a\":{\"properties\":{}},"
                            + "\"b\":{\"properties\":{},\"additionalProperties\":true}}},"
                            + "\"disable_any_whitespace\":true,\"disable_additional_properties\":true}}");
        assertThat(rule.whitespace()).isEqualTo(GrammarOptions.Whitespace.NONE);
        assertThat(rule.form().text())
                .isEqualTo(
                        "{\"properties\":{\"a\":{\"properties\":{},\"additionalProperties\":false},"
                                + "\"b\":{\"properties\":{},\"additionalProperties\":true}},"
                                + "\"additionalProperties\":false}");
        String data =
                "{\"const\":{\"properties\":{}},\"enum\":[{\"properties\":{}}],"
                        + "\"allOf\":[{\"default\":{\"properties\":{}}}],"
                        + "\"if\":{\"properties\":{}},\"not\":{\"properties\":{}}}";
        assertThat(
                        rule("{\"structured_outputs\":{\"json\":"
                                        + data
                                        + ",\"disable_additional_properties\":true}}")
                                .form()
                                .text())
                .isEqualTo(data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"response_format\":\"json\"}|response_format|an object",
                "{\"response_format\":{}}|response_format.type|\"json_schema\"",
                "{\"response_format\":{\"type\":\"xml\"}}|response_format.type|\"json_object\"",
                "{\"response_format\":{\"type\":\"structural_tag\"}}|response_format.structures|Missing",
                "{\"response_format\":{\"type\":\"structural_tag\",\"format\":{\"type\":\"any_text\"}}}"
                    + "|response_format.format.type|Unsupported",
                "{\"structured_outputs\":{\"structural_tag\":{\"structures\":[{\"begin\":\"<f>\",\"schema\":{},\"end\":\"</f>\"}],"
                    + "\"triggers\":[\"<f\"]},\"disable_additional_properties\":true}}|structured_outputs.disable_additional_properties|additionalProperties",
                "{\"structured_outputs\":{\"structural_tag\":{\"structures\":[{\"begin\":\"\"}],"
                    + "\"triggers\":[\"<\"]}}}|structured_outputs.structural_tag.structures[0].begin|empty",
                "{\"structured_outputs\":{\"structural_tag\":{\"structures\":[{\"begin\":\"<f>\",\"schema\":{},\"end\":\"</f>\"}],\"triggers\":[5]}}}|structured_outputs.structural_tag.triggers|1"
                    + " to 1024 texts",
                "{\"structured_outputs\":{\"structural_tag\":{\"structures\":[{\"begin\":\"<f>\",\"schema\":{},\"end\":\"</f>\"}],\"triggers\":{\"x\":\"<f\"}}}}|structured_outputs.structural_tag.triggers|1"
                    + " to 1024 texts",
                "{\"structured_outputs\":{\"structural_tag\":{\"structures\":[{\"begin\":\"<f>\",\"schema\":{},\"end\":\"</f>\"}],\"triggers\":[\"<f\",true]}}}|structured_outputs.structural_tag.triggers|1"
                    + " to 1024 texts",
                "{\"response_format\":{\"type\":\"json_schema\"}}|response_format.json_schema|Missing",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}}|response_format.json_schema.name|Missing",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a"
                        + " b\",\"schema\":{}}}}|response_format.json_schema.name|digits",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\"}}}|response_format.json_schema.schema|Missing",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":1,\"schema\":{}}}}|response_format.json_schema.strict|true"
                    + " or false",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}}|response_format|Invalid"
                    + " schema for response_format 'a': In context=(), 'additionalProperties'",
                "{\"structured_outputs\":{}}|structured_outputs|it has none; allowed: exactly one"
                        + " of json",
                "{\"structured_outputs\":{\"json\":{},\"regex\":\"a\"}}|structured_outputs|it has"
                        + " json and regex",
                "{\"structured_outputs\":{\"structural_tag\":\"x\"}}|structured_outputs.structural_tag|structures",
                "{\"structured_outputs\":{\"json\":{},\"whitespace_pattern\":\""
                        + " *\"}}|structured_outputs.whitespace_pattern|leave it out",
                "{\"structured_outputs\":{\"json_object\":false}}|structured_outputs.json_object|true",
                "{\"structured_outputs\":{\"json\":[1]}}|structured_outputs.json|a JSON Schema",
                "{\"guided_json\":\"{\"}|guided_json|the text of one",
                "{\"guided_regex\":5}|guided_regex|a string",
                "{\"guided_choice\":[]}|guided_choice|1 to 10000 strings",
                "{\"guided_choice\":[\"a\",5]}|guided_choice[1]|1 to 10000 strings",
                "{\"guided_grammar\":{}}|guided_grammar|a string",
                "{\"guided_json\":{},\"response_format\":{\"type\":\"json_object\"}}|response_format|can't"
                    + " be used together",
            })
    void namesWhatIsWrong(String body, String param, String words) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> read(body))
                .withMessageContaining(words)
                .satisfies(e -> {
                    assertThat(e.param()).isEqualTo(param);
                    assertThat(e.code().status()).isEqualTo(400);
                });
    }

    @Test
    void anEngineThatCanNotDoItRefusesByName() {
        for (String field : List.of("response_format", "guided_regex")) {
            String value = field.equals("guided_regex") ? "\"a\"" : "{\"type\":\"json_object\"}";
            assertThatExceptionOfType(ApiException.class)
                    .isThrownBy(() ->
                            new ConstraintReader(false, null)
                                    .read(fields("{\"" + field + "\":" + value + "}")))
                    .withMessageContaining("engine can't constrain answers")
                    .satisfies(e -> assertThat(e.param()).isEqualTo(field));
        }
    }

    /**
     * An engine with a grammar of its own, which knows no pattern with an x and no other grammar.
     */
    private static final ConstraintReader GUIDED =
            new ConstraintReader(
                    false,
                    guide -> {
                        if (guide instanceof AnswerGuide.Schema(String json)) {
                            throw new GuideException("/properties/a", "type", "not held: " + json);
                        }
                    });

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"response_format\":{\"type\":\"json_object\"}}",
                "{\"structured_outputs\":{\"regex\":\"a+\"}}",
                "{\"guided_choice\":[\"a\",\"b\"]}"
            })
    void anEngineThatIsGuidedTakesWhatItsGrammarHolds(String body) {
        assertThat(GUIDED.read(fields(body))).isEqualTo(read(body));
    }

    @Test
    void anEngineThatIsGuidedRefusesASchemaByPointerAndKeyword() {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> GUIDED.read(fields(schema("", ""))))
                .withMessage(
                        "Invalid schema for response_format 'x' at '/properties/a', keyword 'type':"
                                + " not held: "
                                + SCHEMA)
                .satisfies(e -> {
                    assertThat(e.param()).isEqualTo("response_format");
                    assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "guided_grammar | {\"guided_grammar\":\"root ::= \\\"a\\\"\"}",
                "structured_outputs.json_object |"
                    + " {\"structured_outputs\":{\"json_object\":true,\"disable_any_whitespace\":true}}"
            })
    void anEngineThatIsGuidedRefusesWhatHasNoWords(String field, String body) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> GUIDED.read(fields(body)))
                .withMessageContaining("this worker's engine")
                .satisfies(e -> assertThat(e.param()).isEqualTo(field));
    }

    @Test
    void anEngineThatIsGuidedCompletesNothing() {
        JsonFields fields =
                fields("{\"complete\":true,\"response_format\":{\"type\":\"json_object\"}}");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> GUIDED.complete(fields, true))
                .satisfies(e -> assertThat(e.param()).isEqualTo("complete"));
    }

    private static String schema(String before, String after) {
        return "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
                + before
                + "\"schema\":"
                + SCHEMA
                + after
                + "}}}";
    }

    private static AnswerRule rule(String body) {
        return read(body).orElseThrow();
    }

    private static Optional<AnswerRule> read(String body) {
        return READER.read(fields(body));
    }

    private static JsonFields fields(String body) {
        return JsonFields.parse(body.getBytes(StandardCharsets.UTF_8));
    }
}
