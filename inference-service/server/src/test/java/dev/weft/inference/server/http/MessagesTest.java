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

/** {@code /v1/messages}. */
@Timeout(400)
class MessagesTest {
    private static final String PATH = "/v1/messages";
    private static final String TOOLS =
            """
            "tools":[{"name":"now","description":"the time","input_schema":{"type":"object",
             "properties":{"zone":{"type":"string"}}}}]\
            """;

    @AutoClose private static TalkingWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TalkingWorker.start(data);
        client = worker.client;
    }

    private static String body(String more) {
        return "{\"model\":\"test-base\",\"max_tokens\":150,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"hi\"}]"
                + (more.isEmpty() ? "" : "," + more)
                + "}";
    }

    @Test
    void aMessageIsAnswered() throws Exception {
        worker.reply = "Hello.";
        JsonNode answer = client.json(PATH, body("\"system\":\"be kind\""));
        assertThat(answer.path("type").stringValue()).isEqualTo("message");
        assertThat(answer.path("role").stringValue()).isEqualTo("assistant");
        assertThat(answer.at("/content/0/text").stringValue()).isEqualTo("Hello.");
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("end_turn");
        assertThat(answer.path("stop_sequence").isNull()).isTrue();
        assertThat(answer.at("/usage/output_tokens").intValue()).isPositive();
        assertThat(worker.prompt()).contains("system\nbe kind", "user\nhi");
    }

    @Test
    void thoughtsAndCallsAreBlocks() throws Exception {
        worker.reply =
                "<think>hm</think>I ask.\n"
                        + "<tool_call>{\"name\": \"now\", \"arguments\": {\"zone\":"
                        + " \"x\"}}</tool_call>";
        JsonNode answer = client.json(PATH, body(TOOLS));
        assertThat(answer.path("content").valueStream().map(b -> b.path("type").stringValue()))
                .containsExactly("thinking", "text", "tool_use");
        assertThat(answer.at("/content/0/thinking").stringValue()).isEqualTo("hm");
        assertThat(answer.at("/content/2/input/zone").stringValue()).isEqualTo("x");
        assertThat(answer.at("/content/2/id").stringValue()).startsWith("toolu_");
        assertThat(answer.at("/content/2/caller/type").stringValue()).isEqualTo("direct");
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("tool_use");
    }

    @Test
    void aStreamHasTheEventsOfTheBlocks() throws Exception {
        worker.reply =
                "<think>hm</think>I ask.\n"
                        + "<tool_call>{\"name\": \"now\", \"arguments\": {\"zone\":"
                        + " \"x\"}}</tool_call>";
        List<String> types = new ArrayList<>();
        StringBuilder json = new StringBuilder();
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true," + TOOLS));
        assertThat(events)
                .filteredOn(
                        event -> event.at("/content_block/type").asString("").equals("tool_use"))
                .allMatch(event ->
                        event.at("/content_block/caller/type").asString("").equals("direct"));
        for (JsonNode event : events) {
            String type = event.path("type").stringValue();
            if (types.isEmpty() || !types.getLast().equals(type)) {
                types.add(type);
            }
            json.append(event.at("/delta/partial_json").asString(""));
        }
        assertThat(types)
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(json).hasToString("{\"zone\": \"x\"}");
        assertThat(events.getFirst().at("/message/usage/input_tokens").intValue()).isPositive();
        JsonNode delta = events.get(events.size() - 2);
        assertThat(delta.at("/delta/stop_reason").stringValue()).isEqualTo("tool_use");
        assertThat(delta.at("/usage/output_tokens").intValue()).isPositive();
    }

    /** Whole and streamed: engines that hold calls to no grammar go on. */
    @Test
    void textBehindACallIsBehindIt() throws Exception {
        worker.reply = "I ask. <tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call>So.";
        JsonNode answer = client.json(PATH, body(TOOLS));
        assertThat(answer.path("content").valueStream().map(b -> b.path("type").stringValue()))
                .containsExactly("text", "tool_use", "text");
        assertThat(worker.events(PATH, body("\"stream\":true," + TOOLS)))
                .filteredOn(event -> event.has("content_block"))
                .extracting(event -> event.at("/content_block/type").stringValue())
                .containsExactly("text", "tool_use", "text");
    }

    @Test
    void stopSequencesAreNamed() throws Exception {
        worker.reply = "one two three";
        JsonNode answer = client.json(PATH, body("\"stop_sequences\":[\"three\",\"two\"]"));
        assertThat(answer.at("/content/0/text").stringValue()).isEqualTo("one ");
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("stop_sequence");
        assertThat(answer.path("stop_sequence").stringValue()).isEqualTo("two");
    }

    /** An agent would run the call with the arguments that it has so far. */
    @Test
    void aCallThatAStopSequenceCutIsNoToolUse() throws Exception {
        worker.reply =
                "<tool_call>{\"name\": \"now\", \"arguments\": {\"zone\": \"Ulm\"}}</tool_call>";
        String cut = "\"stop_sequences\":[\"Ul\"]," + TOOLS;
        JsonNode answer = client.json(PATH, body(cut));
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("stop_sequence");
        assertThat(answer.path("stop_sequence").stringValue()).isEqualTo("Ul");
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true," + cut));
        assertThat(events.get(events.size() - 2).at("/delta/stop_reason").stringValue())
                .isEqualTo("stop_sequence");
    }

    @Test
    void earlierCallsAndTheirResultsAreRead() throws Exception {
        worker.reply = "noon";
        client.json(
                PATH,
                """
                {"model":"test-base","max_tokens":9,"messages":[{"role":"user","content":"?"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"now",
                  "input":{"a":1}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":
                  [{"type":"text","text":"12:00"}]},{"type":"text","text":"so"}]}],%s}
                """
                        .formatted(TOOLS));
        assertThat(worker.prompt())
                .contains(
                        "{\"name\": \"now\", \"arguments\": {\"a\": 1}}",
                        "tool\n12:00",
                        "user\nso");
    }

    /** Templates that want turns to alternate refuse others. */
    @Test
    void messagesOfARoleThatFollowEachOtherAreOneTurn() throws Exception {
        client.json(
                "/v1/messages",
                """
                {"model":"test-base","max_tokens":20,"messages":[
                 {"role":"user","content":"one"},
                 {"role":"user","content":[{"type":"text","text":"two"}]},
                 {"role":"assistant","content":"three"},
                 {"role":"assistant","content":[{"type":"text","text":" four"}]},
                 {"role":"user","content":"five"}]}
                """);
        assertThat(worker.prompt())
                .contains("user\none\ntwo", "assistant\nthree four", "user\nfive")
                .containsOnlyOnce("three")
                .satisfies(prompt -> assertThat(prompt.split("user\n")).hasSize(3));
    }

    @Test
    void tokensAreCounted() throws Exception {
        worker.reply = "x";
        int used =
                client.json(PATH, body("")).at("/usage/input_tokens").intValue()
                        + client.json(PATH, body(""))
                                .at("/usage/cache_read_input_tokens")
                                .intValue();
        JsonNode counted =
                client.json(
                        PATH + "/count_tokens",
                        "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(counted.path("input_tokens").intValue()).isEqualTo(used);
    }

    /** The first event of a stream counts as the last one does. */
    @Test
    void tokensFromTheCacheAreNoInputTokens() throws Exception {
        worker.reply = "x";
        int all = client.json(PATH, body("")).at("/usage/input_tokens").intValue();
        worker.worker.engine.cachedTokens.add(5);
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true"));
        JsonNode begin = events.getFirst().at("/message/usage");
        JsonNode end = events.get(events.size() - 2).path("usage");
        for (JsonNode usage : List.of(begin, end)) {
            assertThat(usage.path("input_tokens").intValue()).isEqualTo(all - 5);
            assertThat(usage.path("cache_read_input_tokens").intValue()).isEqualTo(5);
            assertThat(usage.path("cache_creation_input_tokens").intValue(-1)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\":9|400|invalid_request_error|temperature",
                "\"mcp_servers\":[{}]|400|invalid_request_error|mcp_servers",
                "\"chat_template_kwargs\":3|400|invalid_request_error|chat_template_kwargs",
                "\"chat_template_kwargs\":{\"messages\":[]}|400|invalid_request_error|chat_template_kwargs.messages",
                "\"chat_template_kwargs\":{\"messages\":[]},\"thinking\":{\"type\":\"disabled\"}|400|invalid_request_error|chat_template_kwargs.messages",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":-1}|400|invalid_request_error|thinking.budget_tokens",
                "\"tools\":[{\"name\":\"a\",\"input_schema\":{},\"defer_loading\":true}]|400|invalid_request_error|tools[0].defer_loading",
                "\"tools\":[{\"name\":\"a\",\"input_schema\":{},\"allowed_callers\":[\"code_execution_20250825\"]}]|400|invalid_request_error|tools[0].allowed_callers",
                "\"speed\":\"fast\"|400|invalid_request_error|speed",
                "\"inference_geo\":\"us\"|400|invalid_request_error|inference_geo",
                "\"thinking\":{\"type\":\"adaptive\",\"display\":\"updates\"}|400|invalid_request_error|thinking.display",
                "\"stop_sequences\":[\"\"]|400|invalid_request_error|stop_sequences",
                "\"stop_sequences\":\"e\"|400|invalid_request_error|stop_sequences",
                "\"stop\":[\"e\"]|400|invalid_request_error|use stop_sequences",
                "\"response_format\":{\"type\":\"json_object\"}|400|invalid_request_error|use"
                        + " output_config.format",
                "\"guided_choice\":[]|400|invalid_request_error|guided_choice",
                "\"min_p\":\"x\"|400|invalid_request_error|min_p",
                "\"system\":[{\"type\":\"text\"}]|400|invalid_request_error|system[0].text",
                "\"thinking\":{\"type\":\"on\"}|400|invalid_request_error|thinking.type",
                "\"tool_choice\":{\"type\":\"tool\",\"name\":\"x\"}|400|invalid_request_error|tool_choice",
                "\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]|400|invalid_request_error|tools[0].type",
                "\"tools\":[{\"name\":7,\"input_schema\":{}}]|400|invalid_request_error|tools[0].name",
                "\"output_config\":{\"effort\":\"huge\"}|400|invalid_request_error|output_config.effort",
                "\"model\":\"nobody\"|503|overloaded_error|nobody",
            })
    void errorsHaveTheirShape(String field, int status, String type, String words)
            throws Exception {
        HttpResponse<String> answer = client.send(client.post(PATH, body(field)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = WorkerClient.tree(answer.body());
        assertThat(error.path("type").stringValue()).isEqualTo("error");
        assertThat(error.at("/error/type").stringValue()).isEqualTo(type);
        assertThat(error.at("/error/message").stringValue()).contains(words);
    }

    @Test
    void aFieldThatIsMissingIsNamed() throws Exception {
        HttpResponse<String> answer =
                client.send(client.post(PATH, "{\"model\":\"test-base\",\"messages\":[]}"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(WorkerClient.tree(answer.body()).at("/error/message").stringValue())
                .contains("max_tokens");
    }

    /** Its numbers fit no type; a program that pays by them must get what the model wrote. */
    @Test
    void argumentsAreWhatTheModelWrote() throws Exception {
        String arguments = "{\"a\": 1e400, \"b\": 0.30000000000000000001, \"c\": -0.0}";
        worker.reply =
                "<tool_call>{\"name\": \"now\", \"arguments\": " + arguments + "}</tool_call>";
        String whole = client.send(client.post(PATH, body(TOOLS))).body();
        assertThat(whole).contains("\"input\":" + arguments);
        StringBuilder streamed = new StringBuilder();
        for (JsonNode event : worker.events(PATH, body("\"stream\":true," + TOOLS))) {
            streamed.append(event.at("/delta/partial_json").asString(""));
        }
        assertThat(streamed).hasToString(arguments);
    }

    @Test
    void aMessageThatCallsToolsHasNoStopSequence() throws Exception {
        worker.reply = "<tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call> and on";
        String stopped = "\"stop_sequences\":[\"and\"]," + TOOLS;
        JsonNode answer = client.json(PATH, body(stopped));
        assertThat(answer.path("stop_reason").stringValue()).isEqualTo("tool_use");
        assertThat(answer.path("stop_sequence").isNull()).isTrue();
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true," + stopped));
        JsonNode delta = events.get(events.size() - 2).path("delta");
        assertThat(delta.path("stop_reason").stringValue()).isEqualTo("tool_use");
        assertThat(delta.path("stop_sequence").isNull()).isTrue();
    }

    @Test
    void theModelIsToldThatACallFailed() throws Exception {
        worker.reply = "so";
        client.json(
                PATH,
                """
                {"model":"test-base","max_tokens":9,"messages":[{"role":"user","content":"?"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"now",
                  "input":{}}]},{"role":"user","content":[{"type":"tool_result",
                  "tool_use_id":"t","content":"no net","is_error":true}]}]}
                """);
        assertThat(worker.prompt()).contains("tool\nError: no net");
    }

    @Test
    void thoughtsThatAreOmittedHaveEmptyBlocks() throws Exception {
        worker.reply = "<think>hm</think>I see.";
        String omitted = "\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}";
        JsonNode answer = client.json(PATH, body(omitted));
        assertThat(answer.path("content").valueStream().map(b -> b.path("type").stringValue()))
                .containsExactly("thinking", "text");
        assertThat(answer.at("/content/0/thinking").stringValue()).isEmpty();
        assertThat(answer.at("/content/1/text").stringValue()).isEqualTo("I see.");
        List<JsonNode> events = worker.events(PATH, body("\"stream\":true," + omitted));
        assertThat(events.stream().map(event -> event.at("/content_block/type").asString("")))
                .containsSubsequence("thinking", "text");
        assertThat(events.toString()).doesNotContain("thinking_delta", "hm");
        assertThat(events.stream().map(event -> event.at("/delta/type").asString("")))
                .containsSubsequence("signature_delta", "text_delta");
        assertThat(
                        client.json(PATH, body(omitted.replace("omitted", "summarized")))
                                .at("/content/0/thinking")
                                .stringValue())
                .isEqualTo("hm");
    }

    @Test
    void takesValuesThatChangeNothing() throws Exception {
        worker.reply = "x";
        String standard =
                "\"speed\":\"standard\",\"inference_geo\":\"global\",\"service_tier\":\"auto\","
                    + "\"thinking_token_budget\":-1,\"tools\":[{\"name\":\"a\",\"input_schema\":{},"
                    + "\"defer_loading\":false,\"allowed_callers\":[\"direct\"]}]";
        assertThat(client.json(PATH, body(standard)).at("/content/0/text").stringValue())
                .isEqualTo("x");
    }

    @Test
    void theMostEffortIsServed() throws Exception {
        worker.reply = "x";
        HttpResponse<String> answer =
                client.send(client.post(PATH, body("\"output_config\":{\"effort\":\"max\"}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true},%s|tool_choice.disable_parallel_tool_use",
                "\"tools\":[{\"name\":\"a\",\"input_schema\":{}},{\"name\":\"now\",\"strict\":true,\"input_schema\":{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}}]|tools[1].strict",
                "\"tool_choice\":{\"type\":\"tool\",\"name\":\"x\"},%s|tool_choice.name",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5}|thinking.budget_tokens",
            })
    void whatIsRefusedHasTheClientsName(String field, String param) throws Exception {
        HttpResponse<String> answer = client.send(client.post(PATH, body(field.formatted(TOOLS))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(answer.body()).path("error");
        assertThat(error.path("param").stringValue()).isEqualTo(param);
        assertThat(error.path("message").stringValue()).contains("'" + param + "'");
    }

    @Test
    void answersAndErrorsNameTheirRequest() throws Exception {
        worker.reply = "x";
        HttpResponse<String> good = client.send(client.post(PATH, body("")));
        assertThat(good.headers().firstValue("request-id")).isPresent();
        for (HttpResponse<String> bad :
                List.of(
                        client.send(client.post(PATH, "{")),
                        client.send(client.post(PATH + "/count_tokens", "{}")),
                        client.send(client.request(PATH).GET().build()))) {
            String id = bad.headers().firstValue("request-id").orElseThrow();
            assertThat(WorkerClient.tree(bad.body()).path("request_id").stringValue())
                    .isEqualTo(id);
        }
        worker.reply = "I look. <tool_call>{\"name\": \"nobody\", \"arguments\": {}}</tool_call>";
        HttpResponse<String> broken =
                client.send(client.post(PATH, body("\"stream\":true," + TOOLS)));
        assertThat(broken.body())
                .contains(
                        "event: error",
                        "\"request_id\":\""
                                + broken.headers().firstValue("request-id").orElseThrow()
                                + "\"");
        HttpResponse<String> own = client.send(client.post(PATH, "{", "x-request-id", "mine"));
        assertThat(own.headers().firstValue("request-id")).contains("mine");
    }

    /** The gateway has told its client the id already. */
    @Test
    void aGatewaysIdIsToldInErrorsAlone() throws Exception {
        HttpResponse<String> answer =
                client.send(
                        client.post(PATH, "{", "weft-tenant", "default", "x-request-id", "its"));
        assertThat(answer.headers().firstValue("request-id")).isEmpty();
        assertThat(WorkerClient.tree(answer.body()).path("request_id").stringValue())
                .isEqualTo("its");
        String unnamed = client.send(client.post(PATH, "{", "weft-tenant", "default")).body();
        assertThat(WorkerClient.tree(unnamed).has("request_id")).isFalse();
    }
}
