package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Replies of a model that calls tools and thinks, as a scripted engine writes them. */
@Timeout(400)
class ToolCallsTest {
    private static final String CHAT = "/v1/chat/completions";

    private static final String TOOLS =
            """
            [{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
              "properties":{"city":{"type":"string"}},"required":["city"]}}},
             {"type":"function","function":{"name":"now"}}]\
            """;

    @AutoClose private static TalkingWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TalkingWorker.start(data);
        client = worker.client;
    }

    private static String chat(String more) {
        return "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                + (more.isEmpty() ? "" : "," + more)
                + "}";
    }

    private static JsonNode choice(String more) throws Exception {
        return client.json(CHAT, chat(more)).path("choices").path(0);
    }

    @Test
    void callsAreTakenOutOfTheText() throws Exception {
        worker.reply =
                """
                I look.
                <tool_call>
                {"name": "get_weather", "arguments": {"city": "Ulm"}}
                </tool_call>
                <tool_call>
                {"name": "now", "arguments": {}}
                </tool_call>\
                """;
        JsonNode choice = choice("\"tools\":" + TOOLS);
        JsonNode message = choice.path("message");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(message.path("content").stringValue()).isEqualTo("I look.");
        assertThat(message.path("tool_calls")).hasSize(2);
        JsonNode first = message.path("tool_calls").path(0);
        assertThat(first.path("type").stringValue()).isEqualTo("function");
        assertThat(first.path("id").stringValue()).startsWith("call_");
        assertThat(first.at("/function/name").stringValue()).isEqualTo("get_weather");
        assertThat(first.at("/function/arguments").stringValue()).isEqualTo("{\"city\": \"Ulm\"}");
        assertThat(message.at("/tool_calls/1/function/name").stringValue()).isEqualTo("now");
        assertThat(message.at("/tool_calls/1/id")).isNotEqualTo(first.path("id"));
    }

    @Test
    void aStreamTellsIdTypeAndNameOnce() throws Exception {
        worker.reply =
                """
                <tool_call>
                {"name": "get_weather", "arguments": {"city": "Ulm"}}
                </tool_call>\
                """;
        StringBuilder arguments = new StringBuilder();
        int ids = 0;
        String finish = "";
        for (JsonNode event : events(chat("\"stream\":true,\"tools\":" + TOOLS))) {
            JsonNode delta = event.at("/choices/0/delta");
            assertThat(delta.path("content").asString("")).isEmpty();
            assertThat(delta.has("tool_calls") && delta.path("tool_calls").isEmpty()).isFalse();
            JsonNode call = delta.path("tool_calls").path(0);
            if (call.has("id")) {
                ids++;
                assertThat(call.at("/function/name").stringValue()).isEqualTo("get_weather");
                assertThat(call.path("type").stringValue()).isEqualTo("function");
            } else if (!call.isMissingNode()) {
                assertThat(call.propertyNames()).containsExactlyInAnyOrder("index", "function");
            }
            arguments.append(call.at("/function/arguments").asString(""));
            finish = event.at("/choices/0/finish_reason").asString(finish);
        }
        assertThat(ids).isEqualTo(1);
        assertThat(arguments).hasToString("{\"city\": \"Ulm\"}");
        assertThat(finish).isEqualTo("tool_calls");
    }

    @Test
    void aReplyThatIsCutInACallSaysLength() throws Exception {
        worker.reply =
                "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Ulm\"}}";
        JsonNode choice = choice("\"max_tokens\":60,\"tools\":" + TOOLS);
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("length");
        assertThat(choice.at("/message/tool_calls/0/function/arguments").stringValue())
                .startsWith("{\"city\"");
    }

    /** As with a stop string: the request asked for that end, and no call is whole. */
    @Test
    void aStopTokenThatEndsACallIsNoFault() throws Exception {
        worker.reply =
                "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Ulm\"}}";
        String cut = "\"stop_token_ids\":[" + (int) '}' + "],\"tools\":" + TOOLS;
        JsonNode choice = choice(cut);
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(choice.at("/message/tool_calls/0/function/arguments").stringValue())
                .isEqualTo("{\"city\": \"Ulm\"");
        String streamed = client.send(client.post(CHAT, chat("\"stream\":true," + cut))).body();
        assertThat(streamed).contains("[DONE]", "\"finish_reason\":\"stop\"");
    }

    @Test
    void withoutToolsMarksAreText() throws Exception {
        worker.reply = "<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>";
        for (String more : List.of("", "\"tool_choice\":\"none\",\"tools\":" + TOOLS)) {
            JsonNode choice = choice(more);
            assertThat(choice.at("/message/content").stringValue()).isEqualTo(worker.reply);
            assertThat(choice.path("message").has("tool_calls")).isFalse();
            assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        }
    }

    @Test
    void textThatOnlyBeginsLikeACallIsText() throws Exception {
        for (String text :
                List.of("a <tool_call>b", "<tool", "<tool_call>{\"nam\": 1}", "x  \n", " \n")) {
            worker.reply = text;
            JsonNode choice = choice("\"tools\":" + TOOLS);
            assertThat(choice.at("/message/content").stringValue()).isEqualTo(text);
        }
    }

    @Test
    void thoughtsAreToldApart() throws Exception {
        worker.reply = "<think>\nhm, 2 + 2\n</think>\n\nFour.";
        JsonNode message = choice("").path("message");
        assertThat(message.path("content").stringValue()).isEqualTo("Four.");
        assertThat(message.path("reasoning").stringValue()).isEqualTo("hm, 2 + 2");
        assertThat(message.path("reasoning_content").stringValue()).isEqualTo("hm, 2 + 2");
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        for (JsonNode event : events(chat("\"stream\":true"))) {
            text.append(event.at("/choices/0/delta/content").asString(""));
            thought.append(event.at("/choices/0/delta/reasoning").asString(""));
        }
        assertThat(text).hasToString("Four.");
        assertThat(thought).hasToString("hm, 2 + 2");
        assertThat(choice("\"include_reasoning\":false").path("message").has("reasoning"))
                .isFalse();
    }

    @Test
    void tokensOfThoughtsAreCounted() throws Exception {
        // each byte is a token here
        String thought = "<think>\nhm, 2 + 2";
        worker.reply = thought + "\n</think>\n\nFour.";
        for (String more : new String[] {"", "\"include_reasoning\":false"}) {
            JsonNode usage = client.json(CHAT, chat(more)).path("usage");
            assertThat(usage.at("/completion_tokens_details/reasoning_tokens").intValue())
                    .isBetween(thought.length(), thought.length() + "\n</think>".length());
        }
        worker.reply = "Four.";
        assertThat(client.json(CHAT, chat("")).path("usage").has("completion_tokens_details"))
                .isFalse();
    }

    @Test
    void earlierCallsAndThoughtsAreRead() throws Exception {
        worker.reply = "Sun.";
        client.json(
                CHAT,
                """
                {"model":"test-base","tools":%s,"messages":[{"role":"user","content":"?"},
                 {"role":"assistant","content":null,"reasoning":"so","tool_calls":[{"id":"a",
                  "type":"function","function":{"name":"now","arguments":"{\\"x\\": 1}"}}]},
                 {"role":"tool","tool_call_id":"a","content":"noon"}]}
                """
                        .formatted(TOOLS.replace("get_weather", "w").replace("city", "c")));
        assertThat(worker.prompt())
                .contains("so", "{\"name\": \"now\", \"arguments\": {\"x\": 1}}", "noon");
    }

    /** As in the prompts that models were trained on. */
    @Test
    void numbersOfEarlierCallsAreThoseOfPython() throws Exception {
        worker.reply = "Sun.";
        client.json(
                CHAT,
                """
                {"model":"test-base","messages":[{"role":"assistant","content":null,"tool_calls":
                 [{"id":"a","type":"function","function":{"name":"f","arguments":
                  "{\\"a\\": 18446744073709551615, \\"b\\": 12345678901234567890123, \\"c\\": 1E5}"}}]},
                 {"role":"tool","tool_call_id":"a","content":"."}]}
                """);
        assertThat(worker.prompt())
                .contains(
                        "{\"a\": 18446744073709551615, \"b\": 12345678901234567890123, \"c\":"
                                + " 100000.0}");
    }

    @Test
    void anEngineThatCannotConstrainIsNotAskedToForceCalls() throws Exception {
        var answer =
                client.send(
                        client.post(CHAT, chat("\"tool_choice\":\"required\",\"tools\":" + TOOLS)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(WorkerClient.tree(answer.body()).at("/error/param").stringValue())
                .isEqualTo("tool_choice");
    }

    private static List<JsonNode> events(String body) throws Exception {
        return worker.events(CHAT, body);
    }

    @Test
    void anEngineThatCannotConstrainSaysWhatItDoesNotHold() throws Exception {
        String strict =
                "[{\"type\":\"function\",\"function\":{\"name\":\"a\"}},{\"type\":\"function\","
                    + "\"function\":{\"name\":\"b\",\"strict\":true,\"parameters\":{\"type\":"
                    + "\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}}}]";
        refused("\"tools\":" + strict, "tools[1].function.strict");
        refused("\"parallel_tool_calls\":false,\"tools\":" + TOOLS, "parallel_tool_calls");
        worker.reply = "x";
        for (String harmless :
                List.of(
                        "\"parallel_tool_calls\":false",
                        "\"tool_choice\":\"none\",\"tools\":" + strict)) {
            assertThat(choice(harmless).path("finish_reason").stringValue()).isEqualTo("stop");
        }
    }

    private static void refused(String more, String param) throws Exception {
        var answer = client.send(client.post(CHAT, chat(more)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("param").stringValue()).isEqualTo(param);
        assertThat(error.path("code").stringValue()).isEqualTo("unsupported_parameter");
    }

    /** A client would run it, or fail at it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"nobody\", \"arguments\": {}}",
                "{\"name\": \"now\", \"arguments\": {\"a\": 01}}",
                "{\"name\": \"now\", \"arguments\": {\"a\": NaN}}",
                "{\"name\": \"now\", \"arguments\": {'a': 1}}",
                "{\"name\": \"now\", \"arguments\": [1}}",
                "{\"name\": \"now\", \"arguments\": {\"a\": 1",
                "{\"name\": \"now\", \"arguments\": \"{}\"}",
                "{\"name\": \"now\", \"arguments\": {\"a\" 1}}</tool_call> and on"
            })
    void aCallThatIsNoneEndsTheAnswerWithAnError(String call) throws Exception {
        worker.reply = "I look. <tool_call>" + call + "</tool_call>";
        String tools = "\"tools\":" + TOOLS;
        var whole = client.send(client.post(CHAT, chat(tools)));
        assertThat(whole.statusCode()).as(whole.body()).isEqualTo(400);
        assertThat(WorkerClient.tree(whole.body()).at("/error/code").stringValue())
                .isEqualTo("constraint_failed");
        // another answer may go well, though the status is a client's fault
        assertThat(whole.headers().firstValue("x-should-retry")).contains("true");
        String streamed = client.send(client.post(CHAT, chat("\"stream\":true," + tools))).body();
        assertThat(streamed)
                .contains("event: error", "constraint_failed")
                .doesNotContain("[DONE]", "\"finish_reason\":\"");
    }

    @Test
    void numbersOfAnySizeAreArguments() throws Exception {
        worker.reply = "<tool_call>{\"name\": \"now\", \"arguments\": {\"a\": -1e999}}</tool_call>";
        JsonNode choice = choice("\"tools\":" + TOOLS);
        assertThat(choice.at("/message/tool_calls/0/function/arguments").stringValue())
                .isEqualTo("{\"a\": -1e999}");
    }

    /** Log-probabilities name the tokens. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stop\":[\"2\\n</think>X\"]"})
    void tokensOfAThoughtThatIsHiddenAreNotTold(String stop) throws Exception {
        worker.reply = "<think>\nhm, 2 + 2\n</think>\n\nFour.";
        String hidden = "\"logprobs\":true,\"include_reasoning\":false" + stop;
        assertThat(tokens(choice(hidden).at("/logprobs/content"))).isEqualTo("\n\nFour.");
        StringBuilder streamed = new StringBuilder();
        for (JsonNode event : events(chat("\"stream\":true," + hidden))) {
            streamed.append(tokens(event.at("/choices/0/logprobs/content")));
        }
        assertThat(streamed).hasToString("\n\nFour.");
        assertThat(tokens(choice("\"logprobs\":true" + stop).at("/logprobs/content")))
                .isEqualTo(worker.reply);
    }

    private static String tokens(JsonNode content) {
        StringBuilder text = new StringBuilder();
        content.forEach(token -> text.append(token.path("token").stringValue()));
        return text.toString();
    }
}
