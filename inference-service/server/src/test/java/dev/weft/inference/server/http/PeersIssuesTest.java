package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.WorkerService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What users of other servers report of structured answers, as requests; each names its issue. */
@Timeout(300)
class PeersIssuesTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TOOL =
            """
            "tools":[{"type":"function","function":{"name":"now","parameters":{"type":"object",
            "properties":{"zone":{"enum":["UTC","CET"]}},"required":["zone"],
            "additionalProperties":false}}}]\
            """;
    private static final String ANSWER =
            "{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}},\"required\":"
                    + "[\"ok\"],\"additionalProperties\":false}";

    private static WorkerService worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TestWorker.sample(data);
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
    }

    private static String chat(String fields) {
        return "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"Say it\"}],"
                + fields
                + "}";
    }

    private static String schema(String schema) {
        return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
                + "\"schema\":"
                + schema
                + "}}";
    }

    private static JsonNode choice(String fields) throws Exception {
        return client.json(CHAT, chat(fields)).at("/choices/0");
    }

    private static String content(JsonNode choice) {
        return choice.at("/message/content").stringValue();
    }

    private static List<Integer> tokens(String text) throws Exception {
        JsonNode answer =
                client.json(
                        "/tokenize",
                        "{\"model\":\"test-base\",\"add_special_tokens\":false,\"prompt\":"
                                + JsonMapper.shared().writeValueAsString(text)
                                + "}");
        return answer.path("tokens").valueStream().map(JsonNode::intValue).toList();
    }

    /** A bias of a text's first token. */
    private static String bias(int bias, String... texts) throws Exception {
        List<String> entries = new ArrayList<>();
        for (String text : texts) {
            entries.add("\"%d\":%d".formatted(tokens(text).getFirst(), bias));
        }
        return "\"logit_bias\":{" + String.join(",", entries) + "}";
    }

    /**
     * vllm#38696: whitespace until {@code max_tokens}. This model writes nothing else if it may.
     */
    @Test
    void whitespaceEndsThoughTheModelWantsNothingElse() throws Exception {
        JsonNode choice =
                choice(
                        schema(ANSWER)
                                + ",\"temperature\":0,\"max_tokens\":250,"
                                + bias(100, " ", "\n", "\t"));
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(content(choice)).containsPattern("\\s{4}");
        assertThat(WorkerClient.tree(content(choice)).path("ok").isBoolean()).isTrue();
    }

    /** vllm#57550, sglang#37707, xgrammar#104: keywords that are dropped in silence. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"array\",\"items\":{\"enum\":[1,2,3]},\"uniqueItems\":true,\"minItems\":3}",
                "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":1,\"maximum\":50,\"not\":{\"const\":7}}",
                "{\"type\":\"string\",\"minLength\":9,\"maxLength\":12,\"pattern\":\"^[a-c]+$\"}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,2]},\"b\":{\"const\":0}},"
                    + "\"additionalProperties\":false,\"minProperties\":1,\"dependentRequired\":{\"a\":[\"b\"]}}",
                "{\"type\":\"object\",\"properties\":{\"k\":{\"enum\":[\"x\",\"y\"]},\"v\":{\"enum\":[1,\"1\"]}},"
                    + "\"required\":[\"k\",\"v\"],\"additionalProperties\":false,\"if\":{\"properties\":"
                    + "{\"k\":{\"const\":\"x\"}}},\"then\":{\"properties\":{\"v\":{\"type\":\"integer\"}}},"
                    + "\"else\":{\"properties\":{\"v\":{\"type\":\"string\"}}}}",
                "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"contains\":{\"const\":true},"
                    + "\"minContains\":2,\"maxItems\":4}",
                "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^k[0-9]$\"},\"minProperties\":2,"
                    + "\"maxProperties\":3,\"additionalProperties\":{\"const\":1}}",
            })
    void everyKeywordHolds(String schema) throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            JsonNode choice =
                    choice(
                            schema(schema)
                                    + ",\"temperature\":1.5,\"max_tokens\":250,\"complete\":true,\"seed\":"
                                    + seed);
            String text = content(choice);
            assertThat(
                            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                                    .getSchema(WorkerClient.tree(schema))
                                    .validate(WorkerClient.tree(text)))
                    .as(text)
                    .isEmpty();
        }
    }

    /** The same: what is not served is refused by its place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\":{\"a\":{\"pattern\":\"(x)\\\\1\"}}}|/properties/a/pattern",
                "{\"properties\":{\"a\":{\"$ref\":\"https://example.org/x\"}}}|/properties/a/$ref",
                "{\"items\":{\"type\":\"frob\"}}|/items/type",
            })
    void whatDoesNotHoldIsRefusedByItsPlace(String schema, String place) throws Exception {
        HttpResponse<String> answer = client.send(client.post(CHAT, chat(schema(schema))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(WorkerClient.tree(answer.body()).at("/error/message").stringValue())
                .contains("'" + place + "'", "keyword");
    }

    /** vllm#39929: tools and a form of the answer, of which each may come. */
    @Test
    void aReplyIsACallOrHasTheForm() throws Exception {
        String both = TOOL + "," + schema(ANSWER) + ",\"temperature\":0,\"max_tokens\":200,";
        JsonNode call = choice(both + "\"parallel_tool_calls\":false," + bias(100, "<"));
        assertThat(call.path("finish_reason").stringValue()).isEqualTo("tool_calls");
        String arguments = call.at("/message/tool_calls/0/function/arguments").stringValue();
        assertThat(WorkerClient.tree(arguments).path("zone").stringValue()).isIn("UTC", "CET");
        JsonNode text = choice(both + bias(100, "{"));
        assertThat(text.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(WorkerClient.tree(content(text)).path("ok").isBoolean()).isTrue();
    }

    /** vllm#53269: {@code length} that hides behind {@code tool_calls}. */
    @Test
    void aCallThatIsCutEndsByLength() throws Exception {
        for (String more : List.of("", ",\"stream\":true")) {
            String body = chat(TOOL + ",\"tool_choice\":\"required\",\"max_tokens\":12" + more);
            String finish =
                    more.isEmpty()
                            ? client.json(CHAT, body).at("/choices/0/finish_reason").stringValue()
                            : client.events(CHAT, body).stream()
                                    .filter(event -> event.startsWith("{"))
                                    .map(WorkerClient::tree)
                                    .map(event -> event.at("/choices/0/finish_reason").asString(""))
                                    .collect(Collectors.joining());
            assertThat(finish).isEqualTo("length");
        }
    }

    /** vllm#54003: a grammar that takes long to compile, beside which others are answered. */
    @Test
    void othersAreAnsweredWhileAGrammarIsCompiled() throws Exception {
        String large =
                IntStream.range(0, 3_000)
                        .mapToObj(i ->
                                "{\"type\":\"object\",\"properties\":{\"n\":{\"const\":%d},\"t\":{\"pattern\":\"^[a-z]{1,%d}x$\"}},\"required\":[\"n\",\"t\"]}"
                                        .formatted(i, i % 90 + 1))
                        .collect(Collectors.joining(",", "{\"anyOf\":[", "]}"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<HttpResponse<String>> slow =
                    CompletableFuture.supplyAsync(
                            () -> sent(chat(schema(large) + ",\"max_tokens\":5")), threads);
            List<CompletableFuture<HttpResponse<String>>> others =
                    IntStream.range(0, 6)
                            .mapToObj(i ->
                                    CompletableFuture.supplyAsync(
                                            () -> sent(chat("\"max_tokens\":8,\"seed\":" + i)),
                                            threads))
                            .toList();
            for (CompletableFuture<HttpResponse<String>> other : others) {
                assertThat(other.join().statusCode()).isEqualTo(200);
            }
            assertThat(slow.join().statusCode()).as(slow.join().body()).isIn(200, 400);
        }
    }

    private static HttpResponse<String> sent(String body) {
        try {
            return client.send(client.post(CHAT, body));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** vllm#47907: calls that are lost in streams. */
    @Test
    void aStreamHasAllCallsOfTheWholeAnswer() throws Exception {
        int most = 0;
        for (int seed = 0; seed < 6; seed++) {
            String body =
                    TOOL
                            + ",\"tool_choice\":\"required\",\"temperature\":1.3,\"max_tokens\":250,"
                            + "\"seed\":"
                            + seed;
            List<String> whole = new ArrayList<>();
            for (JsonNode call : choice(body).at("/message/tool_calls")) {
                whole.add(call.at("/function/name").stringValue());
                whole.add(call.at("/function/arguments").stringValue());
            }
            assertThat(streamedCalls(body)).isEqualTo(whole);
            most = Math.max(most, whole.size() / 2);
        }
        assertThat(most).as("calls of one reply").isGreaterThan(1);
    }

    private static List<String> streamedCalls(String fields) throws Exception {
        List<String> calls = new ArrayList<>();
        for (String event : client.events(CHAT, chat(fields + ",\"stream\":true"))) {
            if (event.startsWith("{")) {
                for (JsonNode call : WorkerClient.tree(event).at("/choices/0/delta/tool_calls")) {
                    int index = 2 * call.path("index").intValue();
                    if (call.has("id")) {
                        calls.add(call.at("/function/name").stringValue());
                        calls.add("");
                    }
                    calls.set(
                            index + 1,
                            calls.get(index + 1) + call.at("/function/arguments").asString(""));
                }
            }
        }
        return calls;
    }
}
