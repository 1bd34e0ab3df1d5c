package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Integers of a model that wants to write them with a point or an exponent. */
class TypedAnswersTest extends SampleFixture {
    private static final String CHAT = "/v1/chat/completions";
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"age\":{\"type\":\"integer\"}},"
                    + "\"required\":[\"age\"],\"additionalProperties\":false}";
    private static final String INTEGER = "\\{\\s*\"age\"\\s*:\\s*-?\\d+\\s*\\}";

    private JsonNode message(String fields) throws Exception {
        List<String> biases = new ArrayList<>();
        for (String text : List.of(".", "e", "E")) {
            JsonNode answer =
                    client.json(
                            "/tokenize",
                            "{\"model\":\"test-base\",\"add_special_tokens\":false,\"prompt\":\"%s\"}"
                                    .formatted(text));
            biases.add("\"%d\":100".formatted(answer.at("/tokens/0").intValue()));
        }
        return client.json(
                        CHAT,
                        "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"Age?\"}],"
                            + "\"temperature\":0,\"max_tokens\":190,\"complete\":true,\"logit_bias\":{"
                                + String.join(",", biases)
                                + "},"
                                + fields
                                + "}")
                .at("/choices/0/message");
    }

    private static String form(boolean strict) {
        return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
                + "\"strict\":%s,\"schema\":%s}}".formatted(strict, SCHEMA);
    }

    private static String tool(boolean strict) {
        return "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":%s,"
                        .formatted(strict)
                + "\"parameters\":"
                + SCHEMA
                + "}}]";
    }

    /**
     * Of vLLM's forms all is allowed that the schema calls valid. One schema is compiled both ways.
     */
    @Test
    void integersOfResponseFormatsAreDigitsAlone() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(message("\"guided_json\":" + SCHEMA).path("content").stringValue())
                    .doesNotMatch(INTEGER)
                    .containsPattern("\\d[.eE]");
            assertThat(message(form(true)).path("content").stringValue()).matches(INTEGER);
            assertThat(message(form(false)).path("content").stringValue()).matches(INTEGER);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void integersOfArgumentsAreDigitsAlone(boolean strict) throws Exception {
        JsonNode calls =
                message(
                                tool(strict)
                                        + ",\"tool_choice\":\"required\",\"parallel_tool_calls\":false")
                        .path("tool_calls");
        assertThat(calls).hasSize(1);
        assertThat(calls.at("/0/function/arguments").stringValue()).matches(INTEGER);
    }
}
