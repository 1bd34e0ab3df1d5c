package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Constrained answers of the bundled sample, which was trained for none of them. */
class StructuredOutputsTest extends SampleFixture {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String PERSON =
            """
            {"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":8},
             "age":{"type":"integer","minimum":0,"maximum":150},
             "tags":{"type":"array","items":{"enum":["red","green",null]},"maxItems":3}},
             "required":["name","age","tags"],"additionalProperties":false}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"temperature\":0",
                "\"temperature\":1,\"seed\":1",
                "\"temperature\":1.5,\"seed\":2,\"top_p\":0.9",
                "\"temperature\":1,\"seed\":3,\"top_k\":20,\"min_p\":0.01",
                "\"temperature\":1,\"seed\":4,\"repetition_penalty\":1.2,\"presence_penalty\":1",
            })
    void answersAreValidWhicheverWayTheyAreSampled(String how) throws Exception {
        String asked = how + "," + schema(PERSON, true);
        JsonNode answer = client.json(CHAT, chat(asked));
        String whole = content(answer);
        assertThat(finish(answer)).as(whole).isEqualTo("stop");
        valid(PERSON, whole);
        assertThat(streamed(chat(asked + ",\"stream\":true"))).isEqualTo(whole);
        assertThat(WorkerClient.tree(whole).propertyNames())
                .as("strict: the schema's order")
                .containsExactly("name", "age", "tags");
    }

    @Test
    void choicesOfARequestAreConstrainedEachForItself() throws Exception {
        JsonNode answer =
                client.json(
                        CHAT,
                        chat("\"n\":6,\"temperature\":1,\"seed\":9," + schema(PERSON, false)));
        assertThat(answer.path("choices"))
                .hasSize(6)
                .allSatisfy(choice -> {
                    assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
                    valid(PERSON, choice.path("message").path("content").stringValue());
                });
    }

    @Test
    void answersAreTheSameAmongOthers() throws Exception {
        List<String> bodies =
                IntStream.range(0, 12)
                        .mapToObj(i ->
                                chat(
                                        "\"temperature\":1,\"seed\":%d".formatted(i)
                                                + (i % 3 == 0
                                                        ? ",\"max_tokens\":40"
                                                        : "," + schema(PERSON, i % 2 == 0))))
                        .toList();
        List<String> alone = bodies.stream().map(this::answered).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> together =
                    bodies.stream()
                            .map(body ->
                                    CompletableFuture.supplyAsync(() -> answered(body), threads))
                            .toList();
            assertThat(together.stream().map(CompletableFuture::join).toList()).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"guided_choice\":[\"yes\",\"no\",\"perhaps\"]|yes|no|perhaps",
                "\"structured_outputs\":{\"choice\":[\"left\",\"right\"]}|left|right|right",
            })
    void oneOfTheChoicesComes(String field, String one, String two, String three) throws Exception {
        for (int seed = 0; seed < 5; seed++) {
            JsonNode answer = client.json(CHAT, chat("\"seed\":" + seed + "," + field));
            assertThat(content(answer)).isIn(one, two, three);
            assertThat(finish(answer)).isEqualTo("stop");
        }
    }

    @Test
    void theOtherInterfacesTakeFormsToo() throws Exception {
        String choice = "\"structured_outputs\":{\"choice\":[\"left\",\"right\"]}";
        JsonNode response =
                client.json(
                        "/v1/responses",
                        "{\"model\":\"test-base\",\"input\":\"x\"," + choice + "}");
        assertThat(response.at("/output/0/content/0/text").stringValue()).isIn("left", "right");
        JsonNode message =
                client.json(
                        "/v1/messages",
                        "{\"model\":\"test-base\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                                + choice.replace("structured_outputs\":{\"choice", "guided_choice")
                                        .replace("}", "")
                                + "}");
        assertThat(message.at("/content/0/text").stringValue()).isIn("left", "right");
    }

    @Test
    void textMatchesTheExpression() throws Exception {
        for (String field :
                List.of(
                        "\"guided_regex\":\"[A-Z]{2}-\\\\d{3}(é|😀)\"",
                        "\"structured_outputs\":{\"regex\":\"[A-Z]{2}-\\\\d{3}(é|😀)\"}")) {
            JsonNode answer =
                    client.json(
                            TEXT,
                            "{\"model\":\"test-base\",\"prompt\":\"The code is"
                                    + " \",\"max_tokens\":60,\"temperature\":1,\"seed\":3,"
                                    + field
                                    + "}");
            String text = answer.path("choices").path(0).path("text").stringValue();
            assertThat(text).matches("[A-Z]{2}-\\d{3}(é|😀)");
            assertThat(answer.path("choices").path(0).path("finish_reason").stringValue())
                    .isEqualTo("stop");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= move (\", \" move){2}\\nmove ::= [NBRQK]? [a-h] [1-8]",
                "start: move (\", \" move)~2\\nmove: PIECE? /[a-h][1-8]/\\nPIECE: \"N\" | \"B\" |"
                        + " \"R\" | \"Q\" | \"K\"",
            })
    void textFollowsTheGrammarInEitherNotation(String grammar) throws Exception {
        String quoted = grammar.replace("\"", "\\\"");
        for (String field :
                List.of(
                        "\"guided_grammar\":\"" + quoted + "\"",
                        "\"structured_outputs\":{\"grammar\":\"" + quoted + "\"}")) {
            JsonNode answer = client.json(CHAT, chat("\"temperature\":1,\"seed\":5," + field));
            assertThat(content(answer)).matches("[NBRQK]?[a-h][1-8](, [NBRQK]?[a-h][1-8]){2}");
            assertThat(finish(answer)).isEqualTo("stop");
        }
        String metrics = client.send(client.request("/metrics").GET().build()).body();
        assertThat(value(metrics, "weft_constrained_requests_total{kind=\"grammar\"}"))
                .isPositive();
    }

    @Test
    void bracketsOfARecursiveGrammarAreClosed() throws Exception {
        String grammar =
                "root ::= list\\nlist ::= \\\"(\\\" (list \\\" \\\"){0,2} [a-z]{0,3} \\\")\\\"";
        for (int seed = 0; seed < 4; seed++) {
            JsonNode answer =
                    client.json(
                            TEXT,
                            "{\"model\":\"test-base\",\"prompt\":\"A list:"
                                    + " \",\"max_tokens\":200,\"temperature\":1,\"seed\":"
                                    + seed
                                    + ",\"guided_grammar\":\""
                                    + grammar
                                    + "\"}");
            JsonNode choice = answer.path("choices").path(0);
            String text = choice.path("text").stringValue();
            long open = text.chars().filter(c -> c == '(').count();
            long closed = text.chars().filter(c -> c == ')').count();
            if (choice.path("finish_reason").stringValue().equals("stop")) {
                assertThat(text).startsWith("(").endsWith(")");
                assertThat(closed).isEqualTo(open);
            } else {
                assertThat(closed).isLessThan(open);
            }
        }
    }

    @Test
    void textBetweenTagsIsFreeAndWhatTagsHoldIsNot() throws Exception {
        for (String trigger : List.of("e", "a", "T")) {
            String asked =
                    """
                    {"type":"structural_tag","format":{"type":"triggered_tags","triggers":["%s"],
                     "tags":[{"begin":"%s(","content":{"type":"json_schema","json_schema":
                     {"enum":[7,8]}},"end":")!"}],"stop_after_first":true}}\
                    """
                            .formatted(trigger, trigger);
            for (int seed = 0; seed < 4; seed++) {
                JsonNode answer =
                        client.json(
                                CHAT,
                                chat(
                                        "\"max_tokens\":40,\"temperature\":1,\"seed\":"
                                                + seed
                                                + ",\"response_format\":"
                                                + asked));
                if (finish(answer).equals("stop")) {
                    assertThat(content(answer))
                            .matches(
                                    "(?s)[^%s]*(%s\\([78](\\.0+)?\\)!)?"
                                            .formatted(trigger, trigger));
                }
            }
        }
    }

    @Test
    void anyObjectIsJsonAndNoFence() throws Exception {
        JsonNode answer =
                client.json(
                        CHAT,
                        chat("\"max_tokens\":60,\"response_format\":{\"type\":\"json_object\"}"));
        assertThat(content(answer)).startsWith("{");
        if (finish(answer).equals("stop")) {
            assertThat(WorkerClient.tree(content(answer)).isObject()).isTrue();
        }
    }

    @Test
    void anAnswerThatIsCutSaysLength() throws Exception {
        JsonNode answer = client.json(CHAT, chat("\"max_tokens\":3," + schema(PERSON, true)));
        assertThat(finish(answer)).isEqualTo("length");
        assertThat(content(answer)).startsWith("{");
    }

    @Test
    void stopStringsAndLogProbabilitiesGoOnWorking() throws Exception {
        String asked = "\"temperature\":1,\"seed\":1," + schema(PERSON, true);
        String whole = content(client.json(CHAT, chat(asked)));
        JsonNode cut =
                client.json(CHAT, chat(asked + ",\"stop\":\"\\\"age\\\"\",\"logprobs\":true"));
        assertThat(content(cut)).isEqualTo(whole.substring(0, whole.indexOf("\"age\"")));
        assertThat(finish(cut)).isEqualTo("stop");
        assertThat(cut.path("choices").path(0).path("logprobs").path("content"))
                .isNotEmpty()
                .allSatisfy(token ->
                        assertThat(token.path("logprob").doubleValue()).isLessThanOrEqualTo(0));
    }

    @Test
    void endTokensThatAreIgnoredDoNotKeepAFinishedAnswerFromEnding() throws Exception {
        JsonNode answer =
                client.json(CHAT, chat("\"ignore_eos\":true,\"guided_choice\":[\"done\"]"));
        assertThat(content(answer)).isEqualTo("done");
        assertThat(finish(answer)).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"guided_regex\":\"(\"|guided_regex|regex",
                "\"guided_regex\":\"(a)\\\\1\"|guided_regex|regex",
                "\"structured_outputs\":{\"regex\":\"[\"}|structured_outputs.regex|regex",
                "\"structured_outputs\":{\"structural_tag\":{\"structures\":[{\"begin\":\"<a\",\"schema\":{},\"end\":\">\"}],\"triggers\":[\"<b\"]}}"
                    + "|structured_outputs.structural_tag|/structures/0/begin",
                "\"guided_grammar\":\"root ::= a\"|guided_grammar|line 1, column 10: 'a' is not"
                        + " defined",
                "\"guided_grammar\":\" \"|guided_grammar|it is empty",
                "\"structured_outputs\":{\"grammar\":\"start: %json"
                        + " {}\"}|structured_outputs.grammar|line 1, column 8: %json is not served",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"properties\":{\"a\":{\"type\":\"frob\"}}}}}"
                    + "|response_format|/properties/a",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"properties\":{\"a\":{\"pattern\":\"(\"}}}}}"
                    + "|response_format|/properties/a",
            })
    void aGrammarThatIsRefusedIsNamed(String field, String param, String words) throws Exception {
        for (String path : List.of(CHAT, TEXT)) {
            String body =
                    path.equals(CHAT)
                            ? chat(field)
                            : "{\"model\":\"test-base\",\"prompt\":\"x\"," + field + "}";
            HttpResponse<String> answer = client.send(client.post(path, body));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            JsonNode error = WorkerClient.tree(answer.body()).path("error");
            assertThat(error.path("param").stringValue()).isEqualTo(param);
            assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
            assertThat(error.path("message").stringValue()).contains(words);
        }
    }

    @Test
    void metricsCountRequestsGrammarsAndMasks() throws Exception {
        answered(chat("\"guided_choice\":[\"counted once\"]"));
        String metrics = client.send(client.request("/metrics").GET().build()).body();
        assertThat(value(metrics, "weft_constrained_requests_total{kind=\"choice\"}")).isPositive();
        assertThat(value(metrics, "weft_constrained_requests_total{kind=\"grammar\"}"))
                .isNotNegative();
        assertThat(value(metrics, "weft_grammar_compile_seconds_count")).isPositive();
        assertThat(value(metrics, "weft_engine_mask_seconds_count")).isPositive();
        assertThat(value(metrics, "weft_engine_rows_sat_out_total")).isNotNegative();
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    private String answered(String body) {
        try {
            return content(client.json(CHAT, body));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String streamed(String body) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String event : client.events(CHAT, body)) {
            if (!event.equals("[DONE]")) {
                JsonNode delta = WorkerClient.tree(event).path("choices").path(0).path("delta");
                text.append(delta.path("content").asString(""));
            }
        }
        return text.toString();
    }

    private static void valid(String schema, String text) {
        Schema validator =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(WorkerClient.tree(schema));
        assertThat(validator.validate(WorkerClient.tree(text))).as(text).isEmpty();
    }

    private static String content(JsonNode answer) {
        JsonNode content = answer.path("choices").path(0).path("message").path("content");
        assertThat(content.isString()).as("%s", answer).isTrue();
        return content.stringValue();
    }

    private static String finish(JsonNode answer) {
        return answer.path("choices").path(0).path("finish_reason").stringValue();
    }

    private static String schema(String schema, boolean strict) {
        return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"person\","
                + "\"strict\":"
                + strict
                + ",\"schema\":"
                + schema
                + "}}";
    }

    private static String chat(String fields) {
        return "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"Who is"
                + " it?\"}],"
                + fields
                + "}";
    }
}
