package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.WorkerService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Answers with {@code complete: true}: however few tokens there are, they end, and validly. */
@Timeout(300)
class CompleteAnswersTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String OPEN =
            """
            {"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array","items":
             {"type":"object","properties":{"id":{"type":"integer"},"note":{"type":"string"}},
             "required":["id","note"]}}},"required":["name","tags"]}
            """;
    private static final String TOOLS =
            """
            "tool_choice":"required","tools":[{"type":"function","function":{"name":"note",
             "parameters":{"type":"object","properties":{"text":{"type":"string"},
             "links":{"type":"array","items":{"type":"string"},"minItems":1}},
             "required":["text","links"]}}}]\
            """;
    private static final Pattern LEAST = Pattern.compile("at least (\\d+) tokens");

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

    private static String chat(String fields, int maxTokens) {
        return "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"Who?\"}],"
                + "\"complete\":true,\"max_tokens\":"
                + maxTokens
                + ","
                + fields
                + "}";
    }

    /** The fewest tokens, as the error of a request with too few tells them. */
    private static int least(String fields) throws Exception {
        HttpResponse<String> refused = client.send(client.post(CHAT, chat(fields, 1)));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(refused.body()).path("error");
        assertThat(error.path("param").stringValue()).isEqualTo("complete");
        Matcher least = LEAST.matcher(error.path("message").stringValue());
        assertThat(least.find()).as(refused.body()).isTrue();
        assertThat(error.path("message").stringValue()).contains("instead of 1:");
        return Integer.parseInt(least.group(1));
    }

    private static JsonNode choice(String fields, int maxTokens) throws Exception {
        JsonNode answer = client.json(CHAT, chat(fields, maxTokens));
        assertThat(answer.at("/usage/completion_tokens").intValue()).isLessThanOrEqualTo(maxTokens);
        return answer.path("choices").path(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"temperature\":0",
                "\"temperature\":1,\"seed\":1",
                "\"temperature\":2,\"seed\":2",
                "\"temperature\":1.5,\"seed\":3,\"top_p\":0.9",
                "\"temperature\":1,\"seed\":4,\"top_k\":5",
            })
    void jsonClosesWithinAnyNumberOfTokens(String how) throws Exception {
        String fields =
                how
                        + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":"
                        + "\"open\",\"schema\":"
                        + OPEN
                        + "}}";
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(WorkerClient.tree(OPEN));
        int least = least(fields);
        for (int more : new int[] {0, 1, 2, 7, 30}) {
            JsonNode choice = choice(fields, least + more);
            String text = choice.at("/message/content").stringValue();
            assertThat(choice.path("finish_reason").stringValue()).as(text).isEqualTo("stop");
            assertThat(schema.validate(WorkerClient.tree(text))).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anyObjectCloses(int seed) throws Exception {
        String fields =
                "\"temperature\":1.5,\"seed\":"
                        + seed
                        + ",\"response_format\":{\"type\":\"json_object\"}";
        int least = least(fields);
        for (int more : new int[] {0, 3, 25}) {
            JsonNode choice = choice(fields, least + more);
            assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
            JsonNode value = WorkerClient.tree(choice.at("/message/content").stringValue());
            assertThat(value.isObject()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void callsAreComplete(int seed) throws Exception {
        String fields = "\"temperature\":1.5,\"seed\":" + seed + "," + TOOLS;
        int least = least(fields);
        for (int more : new int[] {0, 5, 40}) {
            JsonNode choice = choice(fields, least + more);
            assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
            for (JsonNode call : choice.at("/message/tool_calls")) {
                JsonNode values = WorkerClient.tree(call.at("/function/arguments").stringValue());
                assertThat(values.path("text").isString()).isTrue();
                assertThat(values.path("links").size()).isPositive();
            }
        }
    }

    @Test
    void textsOfPatternsAndGrammarsEnd() throws Exception {
        for (String rule :
                new String[] {
                    "\"guided_regex\":\"[a-z]{3,}(!|\\\\?)\"",
                    "\"guided_grammar\":\"root ::= \\\"(\\\" [a-z]+ root? \\\")\\\"\"",
                    "\"guided_choice\":[\"a long answer that takes its time\",\"no\"]"
                }) {
            String fields = "\"temperature\":1.5,\"seed\":5," + rule;
            int least = least(fields);
            for (int more : new int[] {0, 1, 9}) {
                JsonNode choice = choice(fields, least + more);
                assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
            }
        }
    }

    @Test
    void isRefusedWhereNothingSaysWhatIsComplete() throws Exception {
        HttpResponse<String> refused = client.send(client.post(CHAT, chat("\"temperature\":0", 9)));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("only with response_format");
    }
}
