package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/responses}. */
@Timeout(400)
class ResponsesTest {
    private static final String PATH = "/v1/responses";
    private static final String TOOLS =
            """
            "tools":[{"type":"function","name":"now","parameters":{"type":"object",
             "properties":{"zone":{"type":"string"}}}}]\
            """;
    private static final String REPLY =
            "<think>hm</think>I ask.\n"
                + "<tool_call>{\"name\": \"now\", \"arguments\": {\"zone\": \"x\"}}</tool_call>";

    @AutoClose private static TalkingWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TalkingWorker.start(data);
        client = worker.client;
    }

    private static String body(String more) {
        return "{\"model\":\"test-base\",\"input\":\"hi\""
                + (more.isEmpty() ? "" : "," + more)
                + "}";
    }

    @Test
    void aResponseHasItsText() throws Exception {
        worker.reply = "Hello.";
        JsonNode answer = client.json(PATH, body("\"instructions\":\"be kind\",\"store\":true"));
        assertThat(answer.path("object").stringValue()).isEqualTo("response");
        assertThat(answer.path("status").stringValue()).isEqualTo("completed");
        assertThat(answer.path("store").booleanValue()).isFalse();
        assertThat(answer.at("/output/0/type").stringValue()).isEqualTo("message");
        assertThat(answer.at("/output/0/content/0/text").stringValue()).isEqualTo("Hello.");
        assertThat(answer.at("/usage/output_tokens").intValue()).isPositive();
        assertThat(worker.prompt()).contains("system\nbe kind", "user\nhi");
    }

    @Test
    void aResponseThatIsCutIsIncomplete() throws Exception {
        worker.reply = "Hello there";
        JsonNode answer = client.json(PATH, body("\"max_output_tokens\":3"));
        assertThat(answer.path("status").stringValue()).isEqualTo("incomplete");
        assertThat(answer.at("/incomplete_details/reason").stringValue())
                .isEqualTo("max_output_tokens");
    }

    /** The call's arguments are no JSON yet. */
    @Test
    void whatIsCutIsIncompleteAndWhatCameBeforeIsNot() throws Exception {
        worker.reply = REPLY;
        String cut = TOOLS + ",\"max_output_tokens\":" + REPLY.indexOf("zone");
        JsonNode answer = client.json(PATH, body(cut));
        assertThat(answer.path("status").stringValue()).isEqualTo("incomplete");
        assertThat(statuses(answer)).containsExactly("completed", "completed", "incomplete");
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true," + cut));
        JsonNode last = events.getLast();
        assertThat(last.path("type").stringValue()).isEqualTo("response.incomplete");
        assertThat(statuses(last.path("response")))
                .containsExactly("completed", "completed", "incomplete");
        worker.reply = "Hello there";
        assertThat(statuses(client.json(PATH, body("\"max_output_tokens\":3"))))
                .containsExactly("incomplete");
    }

    private static List<String> statuses(JsonNode response) {
        return response.path("output")
                .valueStream()
                .map(item -> item.path("status").stringValue())
                .toList();
    }

    @Test
    void thoughtsAndCallsAreItems() throws Exception {
        worker.reply = REPLY;
        JsonNode answer = client.json(PATH, body(TOOLS));
        assertThat(answer.path("output").valueStream().map(b -> b.path("type").stringValue()))
                .containsExactly("reasoning", "message", "function_call");
        JsonNode call = answer.at("/output/2");
        assertThat(call.path("name").stringValue()).isEqualTo("now");
        assertThat(call.path("arguments").stringValue()).isEqualTo("{\"zone\": \"x\"}");
        assertThat(call.path("call_id").stringValue()).startsWith("call_");
        int thoughts = answer.at("/usage/output_tokens_details/reasoning_tokens").intValue();
        assertThat(thoughts).isBetween("<think>hm".length(), "<think>hm</think>".length());
        assertThat(answer.path("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void aStreamHasTheEventsOfTheItems() throws Exception {
        worker.reply = REPLY;
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true," + TOOLS));
        List<String> types = new ArrayList<>();
        StringBuilder json = new StringBuilder();
        int sequence = 0;
        for (JsonNode event : events) {
            String type = event.path("type").stringValue();
            assertThat(event.path("sequence_number").intValue()).isEqualTo(sequence++);
            if (!type.endsWith("delta") || !types.getLast().equals(type)) {
                types.add(type);
            }
            if (type.equals("response.function_call_arguments.delta")) {
                json.append(event.path("delta").stringValue());
            }
        }
        assertThat(types)
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(json).hasToString("{\"zone\": \"x\"}");
        JsonNode last = events.getLast();
        assertThat(last.at("/response/output")).hasSize(3);
        assertThat(last.at("/response/usage/total_tokens").intValue()).isPositive();
    }

    @Test
    void earlierItemsAreRead() throws Exception {
        worker.reply = "noon";
        client.json(
                PATH,
                """
                {"model":"test-base","input":[{"role":"user","content":[{"type":"input_text",
                 "text":"?"}]},{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text",
                 "text":"why"}]},{"type":"function_call","call_id":"c","name":"now","arguments":
                 "{\\"a\\":1}"},{"type":"function_call_output","call_id":"c","output":"12:00"}],%s}
                """
                        .formatted(TOOLS));
        assertThat(worker.prompt())
                .contains("why", "{\"name\": \"now\", \"arguments\": {\"a\": 1}}", "tool\n12:00");
    }

    @Test
    void whatWasCutIsReadAgain() throws Exception {
        worker.reply = "noon";
        client.json(
                PATH,
                """
                {"model":"test-base","input":[{"role":"user","content":"?"},{"type":"reasoning",
                 "id":"rs_1","content":[],"summary":[{"type":"summary_text","text":"why"}]},
                 {"type":"function_call","call_id":"c","name":"now","status":"incomplete",
                 "arguments":"{\\"zone\\": \\""},{"role":"user","content":"go on"}],%s}
                """
                        .formatted(TOOLS));
        assertThat(worker.prompt())
                .contains("why", "{\"name\": \"now\", \"arguments\": {}}", "go on");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"previous_response_id\":\"resp_1\"|previous_response_id",
                "\"background\":true|background",
                "\"truncation\":\"auto\"|truncation",
                "\"max_output_tokens\":0|max_output_tokens",
                "\"conversation\":\"c\"|conversation",
                "\"prompt\":{\"id\":\"p\"}|prompt",
                "\"max_tool_calls\":1|max_tool_calls",
                "\"top_logprobs\":3|top_logprobs",
                "\"include\":[\"reasoning.encrypted_content\",\"message.output_text.logprobs\"]|include",
                "\"include\":\"all\"|include",
                "\"text\":{\"verbosity\":\"low\"}|text.verbosity",
                "\"reasoning\":{\"mode\":\"pro\"}|reasoning.mode",
                "\"reasoning\":{\"context\":\"all_turns\"}|reasoning.context",
                "\"context_management\":[{\"type\":\"compaction\"}]|context_management",
                "\"moderation\":{}|moderation",
                "\"prompt_cache_options\":{\"prewarm\":true}|prompt_cache_options.prewarm",
                "\"previous_input_messages\":[{}]|previous_input_messages",
                "\"enable_response_messages\":true|enable_response_messages",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":7}]|tools[0].description",
                "\"image\":{}|image",
                "\"access_programs\":{}|access_programs",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"defer_loading\":true}]|tools[0].defer_loading",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"async\":true}]|tools[0].async",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"allowed_callers\":[\"programmatic\"]}]|tools[0].allowed_callers",
                "\"tools\":[{\"type\":\"function\"}]|tools[0].name",
                "\"tools\":[{\"type\":\"function\",\"name\":7}]|tools[0].name",
                "\"parallel_tool_calls\":false,\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]|parallel_tool_calls",
                "\"tool_choice\":{\"type\":\"function\",\"name\":\"x\"}|tool_choice.name",
                "\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"x\"}]}|tool_choice.tools[0].name",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"function\",\"name\":\"x\"}]}|tool_choice.tools[2].name",
                "\"input\":[{\"role\":\"user\",\"content\":\"?\"},{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":7}]|input[1].arguments",
                "\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":7,\"arguments\":\"{}\"}]|input[0]",
                "\"max_output_tokens\":500|input",
                "\"reasoning\":{\"effort\":\"huge\"}|reasoning.effort",
                "\"tools\":[{\"type\":\"web_search\"}]|tools[0].type",
                "\"tools\":[{\"type\":\"function\",\"name\":\"a b\"}]|tools[0].name",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]|input[0].type",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]|input[0].content[0].type",
                "\"input\":[{\"role\":\"boss\",\"content\":\"x\"}]|input[0].role",
                "\"input\":[{\"type\":\"reasoning\",\"encrypted_content\":\"x\"}]|input[0].encrypted_content",
                "\"input\":[{\"type\":\"reasoning\",\"summary\":7}]|input[0].summary",
                "\"input\":[null]|input[0]",
                "\"tools\":[7]|tools[0]",
                "\"input\":[{\"role\":\"user\",\"content\":[null]}]|input[0].content[0]",
                "\"input\":[{\"role\":\"tool\",\"content\":\"x\"}]|input[0].role",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]|input[0].content[0].text",
                "\"input\":[{\"type\":\"function_call_output\",\"output\":\"x\"}]|input[0].call_id",
                "\"input\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"}]|input[0].call_id",
                "\"response_format\":{\"type\":\"json_object\"}|response_format",
                "\"structured_outputs\":{\"choice\":[]}|structured_outputs",
                "\"structural_tag\":\"{}\"|structural_tag",
                "\"stop_token_ids\":\"x\"|stop_token_ids",
                "\"thinking_token_budget\":\"x\"|thinking_token_budget",
                "\"text\":{\"format\":{\"type\":\"structural_tag\",\"structures\":[],\"triggers\":[]}}|text.format.type",
                "\"tool_choice\":\"any\"|tool_choice",
                "\"tool_choice\":{\"type\":\"web_search_preview\"}|tool_choice",
            })
    void errorsNameTheFieldOfTheBody(String field, String param) throws Exception {
        HttpResponse<String> answer = client.send(client.post(PATH, body(field)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("param").stringValue()).as(answer.body()).isEqualTo(param);
    }

    /** What answers here show anyway, or never have, and what only labels a request. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"include\":[\"reasoning.encrypted_content\",\"web_search_call.action.sources\"]",
                "\"top_logprobs\":0",
                "\"context_management\":[]",
                "\"previous_input_messages\":[],\"enable_response_messages\":false",
                "\"prompt_cache_options\":{\"mode\":\"implicit\",\"prewarm\":false}",
                "\"thinking_token_budget\":-1",
                "\"reasoning\":{\"effort\":\"max\",\"summary\":\"auto\",\"context\":\"auto\",\"mode\":\"standard\"}",
                "\"truncation\":\"disabled\",\"background\":false",
                "\"service_tier\":\"flex\",\"prompt_cache_key\":\"k\",\"prompt_cache_retention\":\"24h\",\"safety_identifier\":\"s\",\"metadata\":{\"a\":\"b\"}",
                "\"stream_options\":{\"include_obfuscation\":false}",
                "\"parallel_tool_calls\":false,\"tools\":[]",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"strict\":false,\"allowed_callers\":[\"direct\"]}]",
            })
    void takesFieldsThatChangeNothing(String field) throws Exception {
        worker.reply = "x";
        HttpResponse<String> answer = client.send(client.post(PATH, body(field)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Clients of OpenAI's Java library fail without these. */
    @Test
    void whatClientsRequireIsThere() throws Exception {
        worker.reply = "Hello.";
        JsonNode usage = client.json(PATH, body("")).path("usage");
        assertThat(usage.at("/input_tokens_details/cache_write_tokens").intValue()).isZero();
        assertThat(usage.at("/input_tokens_details").has("cache_write_tokens")).isTrue();
        assertThat(worker.events(PATH, body("\"stream\":true")))
                .filteredOn(event ->
                        event.path("type").stringValue().startsWith("response.output_text."))
                .hasSizeGreaterThan(1)
                .allMatch(event ->
                        event.path("logprobs").isArray() && event.path("logprobs").isEmpty());
    }

    @Test
    void repliesWithoutTextAreTheSameWholeAndStreamed() throws Exception {
        for (String reply : List.of("", "<think>hm</think>")) {
            worker.reply = reply;
            JsonNode whole = client.json(PATH, body("")).path("output");
            JsonNode streamed =
                    worker.events(PATH, body("\"stream\":true")).getLast().at("/response/output");
            assertThat(whole).hasSize(1);
            assertThat(withoutIds(streamed)).isEqualTo(withoutIds(whole));
        }
        worker.reply = "";
        JsonNode only = client.json(PATH, body("")).at("/output/0");
        assertThat(only.path("type").stringValue()).isEqualTo("message");
        assertThat(only.at("/content/0/text").stringValue()).isEmpty();
    }

    /** Engines that hold calls to no grammar go on behind them. */
    @Test
    void repliesThatGoOnBehindACallAreTheSameWholeAndStreamed() throws Exception {
        worker.reply = REPLY + "So. <think>or</think>" + REPLY;
        JsonNode whole = client.json(PATH, body(TOOLS)).path("output");
        JsonNode streamed =
                worker.events(PATH, body("\"stream\":true," + TOOLS))
                        .getLast()
                        .at("/response/output");
        assertThat(whole.valueStream().map(one -> one.path("type").stringValue()))
                .startsWith("reasoning", "message", "function_call", "message");
        assertThat(withoutIds(streamed)).isEqualTo(withoutIds(whole));
    }

    private static String withoutIds(JsonNode output) {
        return output.toString().replaceAll("\"(call_)?id\":\"[a-z]+_[0-9a-f]+\"", "");
    }
}
