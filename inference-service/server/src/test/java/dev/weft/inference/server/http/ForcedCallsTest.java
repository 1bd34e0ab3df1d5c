package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Calls that the bundled sample is held to, which was trained for none. */
class ForcedCallsTest extends SampleFixture {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TOOLS =
            """
            "tools":[{"type":"function","function":{"name":"get_weather","parameters":{
              "type":"object","properties":{"city":{"enum":["Ulm","Rom"]},
              "days":{"type":"integer","minimum":1,"maximum":7}},"required":["city","days"],
              "additionalProperties":false},"strict":true}},
             {"type":"function","function":{"name":"now"}}]\
            """;

    private JsonNode choice(String more) throws Exception {
        return client.json(
                        CHAT,
                        "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":"
                                + "\"What about Ulm?\"}],"
                                + TOOLS
                                + ","
                                + more
                                + "}")
                .path("choices")
                .path(0);
    }

    private static void valid(JsonNode call) {
        String arguments = call.at("/function/arguments").stringValue();
        JsonNode values = WorkerClient.tree(arguments);
        switch (call.at("/function/name").stringValue()) {
            case "get_weather" -> {
                assertThat(values.propertyNames()).containsExactly("city", "days");
                assertThat(values.path("city").stringValue()).isIn("Ulm", "Rom");
                assertThat(values.path("days").intValue()).isBetween(1, 7);
            }
            case "now" -> assertThat(values.isEmpty()).isTrue();
            default -> throw new AssertionError(call.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void requiredCallsAreValid(int seed) throws Exception {
        JsonNode choice =
                choice(
                        "\"tool_choice\":\"required\",\"parallel_tool_calls\":false,"
                                + "\"temperature\":1.2,\"max_tokens\":200,\"seed\":"
                                + seed);
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(choice.at("/message/content").isNull()).as(choice.toString()).isTrue();
        assertThat(choice.at("/message/tool_calls")).hasSize(1);
        choice.at("/message/tool_calls").forEach(ForcedCallsTest::valid);
    }

    @Test
    void aNamedToolIsCalledOnceAndEndsAsStop() throws Exception {
        JsonNode choice =
                choice(
                        "\"max_tokens\":200,\"tool_choice\":{\"type\":\"function\",\"function\":"
                                + "{\"name\":\"get_weather\"}}");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(choice.at("/message/tool_calls")).hasSize(1);
        assertThat(choice.at("/message/tool_calls/0/function/name").stringValue())
                .isEqualTo("get_weather");
        valid(choice.at("/message/tool_calls/0"));
    }

    @Test
    void allowedToolsAreThoseThatMayBeCalled() throws Exception {
        JsonNode choice =
                choice(
                        "\"max_tokens\":200,\"parallel_tool_calls\":false,\"tool_choice\":{\"type\":"
                            + "\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":"
                            + "[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]}}");
        assertThat(choice.at("/message/tool_calls/0/function/name").stringValue()).isEqualTo("now");
    }

    @Test
    void textIsWhatItWasWithoutTools() throws Exception {
        String plain =
                choice("\"tool_choice\":\"none\",\"temperature\":0,\"max_tokens\":40")
                        .at("/message/content")
                        .stringValue();
        String free =
                choice("\"temperature\":0,\"max_tokens\":40").at("/message/content").stringValue();
        assertThat(free.isEmpty()).isEqualTo(plain.isEmpty());
    }

    @Test
    void toolsAndAFormOfTheAnswerGoTogether() throws Exception {
        JsonNode choice =
                choice(
                        "\"temperature\":0,\"max_tokens\":100,\"response_format\":{\"type\":"
                            + "\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":"
                            + "\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}},\"required\":"
                            + "[\"ok\"],\"additionalProperties\":false}}}");
        JsonNode message = choice.path("message");
        if (message.has("tool_calls")) {
            message.path("tool_calls").forEach(ForcedCallsTest::valid);
        } else {
            String content = message.path("content").stringValue();
            assertThat(WorkerClient.tree(content).path("ok").isBoolean()).as(content).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions|\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":"
                    + "[{\"type\":\"function\",\"function\":{\"name\":\"g\"}},{\"type\":"
                    + "\"function\",\"function\":{\"name\":\"f\",\"parameters\":%s}}],"
                    + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"
                    + "|tools[1].function.parameters",
                "/v1/responses|\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
                        + "\"parameters\":%s}]|tools[0].parameters",
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                    + "\"tools\":[{\"name\":\"f\",\"input_schema\":%s}]|",
            })
    void aSchemaThatIsWrongNamesTheToolAndThePlace(String path, String fields, String param)
            throws Exception {
        String schema = "{\"properties\":{\"a\":{\"type\":\"frob\"}}}";
        String body = "{\"model\":\"test-base\"," + fields.formatted(schema) + "}";
        var answer = client.send(client.post(path, body));
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        if (param != null) {
            assertThat(error.path("param").stringValue()).isEqualTo(param);
            assertThat(error.path("code").stringValue()).isEqualTo("invalid_function_parameters");
        }
        assertThat(error.path("message").stringValue())
                .contains("function 'f'", "/properties/a/type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/responses|\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":3}}|text.format.schema",
                "/v1/responses|\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a"
                    + " b\",\"schema\":{}}}|text.format.name",
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":3}}|output_config.format.schema",
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"output_format\":{\"type\":\"json_schema\",\"schema\":3}|output_format.schema",
            })
    void aFormThatIsWrongHasTheClientsName(String path, String fields, String param)
            throws Exception {
        var answer = client.send(client.post(path, "{\"model\":\"test-base\"," + fields + "}"));
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("param").stringValue()).isEqualTo(param);
        assertThat(error.path("message").stringValue()).contains("'" + param + "'");
    }

    /**
     * Messages have no {@code response_format}; OpenAI's Responses speak of one in these errors.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions|\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":%s}}|Invalid"
                    + " schema for response_format 'n' at '/properties/a/type'",
                "/v1/responses|\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":%s}}|Invalid"
                    + " schema for response_format 'n' at '/properties/a/type'",
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":%s}}|Invalid"
                    + " schema for output_config.format at '/properties/a/type'",
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"output_format\":{\"type\":\"json_schema\",\"schema\":%s}|Invalid"
                    + " schema for output_format at '/properties/a/type'",
            })
    void aSchemaThatIsRefusedHasTheClientsName(String path, String fields, String message)
            throws Exception {
        String schema = "{\"properties\":{\"a\":{\"type\":\"frob\"}}}";
        String body = "{\"model\":\"test-base\"," + fields.formatted(schema) + "}";
        var answer = client.send(client.post(path, body));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(WorkerClient.tree(answer.body()).at("/error/message").stringValue())
                .startsWith(message)
                .doesNotContain("'output'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\"}",
                "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\"type\":\"frob\"}},\"required\":[\"a\"]}"
            })
    void aSchemaThatResponsesRefuseHasOpenAisCode(String schema) throws Exception {
        String format =
                "{\"type\":\"json_schema\",\"name\":\"n\",\"strict\":true,\"schema\":"
                        + schema
                        + "}";
        var answer =
                client.send(
                        client.post(
                                "/v1/responses",
                                "{\"model\":\"test-base\",\"input\":\"x\",\"text\":{\"format\":"
                                        + format
                                        + "}}"));
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("code").stringValue()).isEqualTo("invalid_json_schema");
        assertThat(error.path("param").stringValue()).isEqualTo("text.format.schema");
        assertThat(error.path("message").stringValue())
                .startsWith("Invalid schema for response_format 'n'");
    }

    /** A choice of what is not there, in the words of the client. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":{\"type\":\"any\"}|Invalid"
                    + " value for 'tool_choice.type': \"any\"; allowed: only with tools",
                "/v1/messages|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[],\"tool_choice\":{\"type\":\"any\"}|Invalid"
                    + " value for 'tool_choice.type': \"any\"; allowed: only with tools",
                "/v1/chat/completions|\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":{\"type\":\"function\",\"name\":\"x\"}|Missing"
                    + " required parameter: 'tool_choice.function.name' (allowed: only with tools)",
                "/v1/responses|\"input\":\"x\",\"tool_choice\":{\"type\":\"function\"}|Missing"
                        + " required parameter: 'tool_choice.name' (allowed: only with tools)",
            })
    void aChoiceThatIsRefusedHasTheClientsWords(String path, String fields, String message)
            throws Exception {
        var answer = client.send(client.post(path, "{\"model\":\"test-base\"," + fields + "}"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(WorkerClient.tree(answer.body()).at("/error/message").stringValue())
                .isEqualTo(message);
    }

    /** A schema may have a part that is named as tools are. */
    @Test
    void aFaultOfTheAnswersSchemaIsNoTools() throws Exception {
        String body =
                "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                        + TOOLS
                        + ",\"structured_outputs\":{\"json\":{\"$ref\":\"#/tools/7\",\"tools\":{\"7\":"
                        + "{\"pattern\":\"(\"}}}}}";
        var answer = client.send(client.post(CHAT, body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("param").stringValue()).isEqualTo("structured_outputs.json");
        assertThat(error.path("message").stringValue()).contains("/tools/7/pattern");
    }

    /** Another interface's word for the same end. */
    @Test
    void aMessageThatCallsTheNamedToolSaysToolUse() throws Exception {
        JsonNode answer =
                client.json(
                        "/v1/messages",
                        """
                        {"model":"test-base","max_tokens":200,
                        "messages":[{"role":"user","content":"What about Ulm?"}],
                        "tools":[{"name":"now","input_schema":{"type":"object",
                        "additionalProperties":false}}],"tool_choice":{"type":"tool","name":"now"}}
                        """);
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("tool_use");
        assertThat(answer.at("/content/0/name").stringValue()).isEqualTo("now");
    }

    @Test
    void manyToolsAreServed() throws Exception {
        StringBuilder tools = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            tools.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"function\",\"function\":{\"name\":\"tool_")
                    .append(i)
                    .append(
                            "\",\"parameters\":{\"type\":\"object\",\"properties\":{\"v\":{\"const\":\"")
                    .append(i)
                    .append("\"}},\"required\":[\"v\"],\"additionalProperties\":false}}}");
        }
        JsonNode answer =
                client.json(
                        CHAT,
                        "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                            + "\"tool_choice\":\"required\",\"parallel_tool_calls\":false,\"max_tokens\":200,"
                            + "\"seed\":5,\"temperature\":1,\"tools\":["
                                + tools
                                + "]}");
        JsonNode call = answer.at("/choices/0/message/tool_calls/0/function");
        String name = call.path("name").stringValue();
        assertThat(WorkerClient.tree(call.path("arguments").stringValue()).path("v").stringValue())
                .isEqualTo(name.substring("tool_".length()));
        assertThat(answer.at("/choices/0/finish_reason").stringValue())
                .as(answer.toString())
                .isEqualTo("tool_calls");
    }
}
