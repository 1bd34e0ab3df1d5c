package dev.weft.inference.server.http.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.AdapterCatalog;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.WorkerClient;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Vectors and scores as clients get them. The engine's vectors hold the length and the last token
 * of a prompt; its labels' logits are the last token.
 */
class PoolingTest {
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String SCORE = "/v1/score";
    private static final String RERANK = "/v1/rerank";
    private static final String CLASSIFY = "/v1/classify";

    private static AdapterCatalog catalog;
    private static TestWorker worker;
    private static WorkerClient client;
    private static AdapterDigest mean;
    private static AdapterDigest last;
    private static AdapterDigest labels;
    private static AdapterDigest sql;

    /** Labels that the engine's adapters have. */
    private static volatile int count = 1;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        catalog = new AdapterCatalog();
        mean =
                catalog.publish(
                        "mean",
                        """
                        {"task_type":"FEATURE_EXTRACTION",
                         "weft_pooling":{"mode":"mean","normalized":false}}\
                        """,
                        Map.of());
        last = catalog.publish("last", "{\"task_type\":\"FEATURE_EXTRACTION\"}", Map.of());
        labels = catalog.publish("labels", "{\"task_type\":\"SEQ_CLS\"}", Map.of());
        sql = catalog.publish("sql", AdapterCatalog.plain("sql"), Map.of());
        worker =
                TestWorker.start(
                        data,
                        _ -> Collections.nCopies(count, 1),
                        catalog.address(),
                        TestArtifacts.READER);
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
        catalog.close();
    }

    @BeforeEach
    void forget() {
        worker.engine.requests.clear();
        count = 1;
    }

    @Test
    void embedsTextsAndTokensInTheirOrder() throws Exception {
        JsonNode answer = ask(mean, EMBEDDINGS, "\"input\":[\"a\",\"bcd\"]");
        assertThat(answer.path("object").asString()).isEqualTo("list");
        assertThat(answer.path("model").asString()).isEqualTo("m");
        assertThat(answer.path("data")).hasSize(2);
        JsonNode second = answer.path("data").path(1);
        assertThat(second.path("object").asString()).isEqualTo("embedding");
        assertThat(second.path("index").intValue()).isEqualTo(1);
        assertThat(floats(second.path("embedding"))).startsWith(3.0, 100.0).hasSize(8);
        assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(4);
        assertThat(answer.path("usage").path("total_tokens").intValue()).isEqualTo(4);
        assertThat(worker.engine.requests)
                .extracting(GenerationRequest::pooled)
                .containsOnly(PooledOutput.MEAN);

        JsonNode tokens = ask(mean, EMBEDDINGS, "\"input\":[[7,9],[5]]");
        assertThat(floats(tokens.path("data").path(0).path("embedding"))).startsWith(2.0, 9.0);
        JsonNode one = ask(mean, EMBEDDINGS, "\"input\":[7,9,11]");
        assertThat(one.path("data")).hasSize(1);
        assertThat(floats(one.path("data").path(0).path("embedding"))).startsWith(3.0, 11.0);
        JsonNode text = ask(mean, EMBEDDINGS, "\"input\":\"xy\"");
        assertThat(floats(text.path("data").path(0).path("embedding"))).startsWith(2.0, 121.0);
    }

    /** As vLLM does if nothing says more: the last token's, with a length of 1. */
    @Test
    void takesTheLastTokenAndALengthOfOneByDefault() throws Exception {
        JsonNode answer = ask(last, EMBEDDINGS, "\"input\":[3,4]");
        List<Double> unit = floats(answer.path("data").path(0).path("embedding"));
        assertThat(unit.get(0)).isCloseTo(2 / Math.sqrt(20), within(1e-6));
        assertThat(unit.get(1)).isCloseTo(4 / Math.sqrt(20), within(1e-6));
        assertThat(worker.engine.requests.getLast().pooled()).isEqualTo(PooledOutput.LAST);
        for (String field : List.of("normalize", "use_activation")) {
            JsonNode raw = ask(last, EMBEDDINGS, "\"input\":[3,4],\"" + field + "\":false");
            assertThat(floats(raw.path("data").path(0).path("embedding"))).startsWith(2.0, 4.0);
        }
        JsonNode asked = ask(mean, EMBEDDINGS, "\"input\":[3,4],\"use_activation\":true");
        assertThat(floats(asked.path("data").path(0).path("embedding")).getFirst())
                .isCloseTo(2 / Math.sqrt(20), within(1e-6));
    }

    @Test
    void writesTheBytesOfFloatsInBase64() throws Exception {
        JsonNode answer = ask(mean, EMBEDDINGS, "\"input\":[7,9],\"encoding_format\":\"base64\"");
        byte[] bytes =
                Base64.getDecoder()
                        .decode(answer.path("data").path(0).path("embedding").asString());
        ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes).hasSize(32);
        assertThat(floats.getFloat()).isEqualTo(2);
        assertThat(floats.getFloat()).isEqualTo(9);
    }

    @Test
    void takesMoreInputsThanTheEngineHasPlaces() throws Exception {
        String inputs =
                Collections.nCopies(300, "[1,2]").stream()
                        .collect(Collectors.joining(",", "[", "]"));
        JsonNode answer = ask(mean, EMBEDDINGS, "\"input\":" + inputs);
        assertThat(answer.path("data")).hasSize(300);
        assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(600);
    }

    @Test
    void takesAnInputAsLongAsTheContext() throws Exception {
        JsonNode answer = ask(mean, EMBEDDINGS, "\"input\":" + tokens(ScriptedEngine.CONTEXT));
        assertThat(answer.path("usage").path("prompt_tokens").intValue())
                .isEqualTo(ScriptedEngine.CONTEXT);
        assertRefused(
                mean,
                EMBEDDINGS,
                "\"input\":" + tokens(ScriptedEngine.CONTEXT + 1),
                "context_length_exceeded",
                "input");
    }

    @Test
    void scoresPairsByAClassifierWithOneLabel() throws Exception {
        JsonNode answer =
                ask(labels, SCORE, "\"text_1\":\"q\",\"text_2\":[\"\\u0001\",\"b\\u0002\"]");
        assertThat(answer.path("data")).hasSize(2);
        assertThat(answer.path("data").path(0).path("object").asString()).isEqualTo("score");
        assertThat(answer.path("data").path(0).path("score").doubleValue())
                .isCloseTo(1 / (1 + Math.exp(-1)), within(1e-6));
        assertThat(answer.path("data").path(1).path("score").doubleValue())
                .isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
        assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(5);
        assertThat(worker.engine.requests.getLast().prompt())
                .containsExactly((int) 'q', (int) 'b', 2);

        JsonNode raw =
                ask(
                        labels,
                        SCORE,
                        "\"queries\":[\"q\",\"r\"],\"documents\":[\"\\u0001\",\"\\u0002\"],\"use_activation\":false");
        assertThat(raw.path("data").path(1).path("score").doubleValue()).isEqualTo(2);
    }

    @Test
    void scoresTextsByTheAngleBetweenTheirVectors() throws Exception {
        // (1, 97) and (1, 97); (1, 97) and (2, 98)
        JsonNode answer = ask(last, SCORE, "\"text_1\":\"a\",\"text_2\":[\"a\",\"ab\"]");
        assertThat(answer.path("data").path(0).path("score").doubleValue())
                .isCloseTo(1, within(1e-6));
        assertThat(answer.path("data").path(1).path("score").doubleValue())
                .isCloseTo(
                        (2 + 97 * 98) / Math.sqrt(1 + 97 * 97) / Math.sqrt(4 + 98 * 98),
                        within(1e-6));
        // the text that stands against both is read once
        assertThat(worker.engine.requests).hasSize(3);
    }

    @Test
    void ranksDocuments() throws Exception {
        String documents = "\"documents\":[\"\\u0001\",{\"text\":\"\\u0003\"},\"\\u0002\"]";
        JsonNode answer = ask(labels, RERANK, "\"query\":\"q\"," + documents);
        assertThat(answer.path("results").valueStream())
                .extracting(result -> result.path("index").intValue())
                .containsExactly(1, 2, 0);
        JsonNode best = answer.path("results").path(0);
        assertThat(best.path("document").path("text").asString()).isEqualTo("\u0003");
        assertThat(best.path("relevance_score").doubleValue())
                .isCloseTo(1 / (1 + Math.exp(-3)), within(1e-6));
        assertThat(answer.path("usage").path("total_tokens").intValue()).isEqualTo(6);
        JsonNode one = ask(labels, RERANK, "\"query\":\"q\",\"top_n\":1," + documents);
        assertThat(one.path("results")).hasSize(1);
        assertThat(one.path("results").path(0).path("index").intValue()).isEqualTo(1);
    }

    @Test
    void classifiesTexts() throws Exception {
        count = 4;
        JsonNode answer = ask(labels, CLASSIFY, "\"input\":[\"a\",\"b\"]");
        JsonNode first = answer.path("data").path(0);
        assertThat(first.path("label").asString()).isEqualTo("LABEL_0");
        assertThat(first.path("num_classes").intValue()).isEqualTo(4);
        assertThat(floats(first.path("probs"))).containsExactly(0.25, 0.25, 0.25, 0.25);
        JsonNode raw = ask(labels, CLASSIFY, "\"input\":\"a\",\"use_activation\":false");
        assertThat(floats(raw.path("data").path(0).path("probs"))).containsOnly(97.0).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {SCORE, RERANK})
    void aScoreIsOfOneLabel(String path) throws Exception {
        count = 3;
        String texts =
                path.equals(SCORE)
                        ? "\"text_1\":\"a\",\"text_2\":\"b\""
                        : "\"query\":\"a\",\"documents\":[\"b\"]";
        assertRefused(labels, path, texts, "has 3 labels", "model");
    }

    @Test
    void aModelDoesWhatItWasTrainedFor() throws Exception {
        assertRefused(labels, EMBEDDINGS, "\"input\":\"a\"", "scores labels", "model");
        assertRefused(sql, EMBEDDINGS, "\"input\":\"a\"", "trained to make text", "model");
        assertRefused(sql, SCORE, "\"text_1\":\"a\",\"text_2\":\"b\"", "makes no vectors", "model");
        assertRefused(sql, CLASSIFY, "\"input\":\"a\"", "has no labels", "model");
        assertRefused(last, CLASSIFY, "\"input\":\"a\"", "has no labels", "model");
        for (AdapterDigest adapter : List.of(labels, last)) {
            String chat = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
            assertRefused(adapter, "/v1/chat/completions", chat, "task_type", "model");
            assertRefused(adapter, "/v1/completions", "\"prompt\":\"hi\"", "task_type", "model");
        }
        HttpResponse<String> base =
                client.send(
                        client.post(
                                EMBEDDINGS,
                                "{\"model\":\"" + TestWorker.BASE + "\",\"input\":\"a\"}"));
        assertThat(base.statusCode()).isEqualTo(400);
        assertThat(base.body()).contains("no modules.json").contains(TestWorker.BASE);
        assertThat(worker.engine.requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | Missing required parameter: 'input' | input",
                "\"input\":null | Missing required parameter: 'input' | input",
                "\"input\":\"\" | it has no tokens | input",
                "\"input\":[] | Invalid value for 'input' | input",
                "\"input\":{} | Invalid value for 'input' | input",
                "\"input\":7 | Invalid value for 'input' | input",
                "\"input\":[\"a\",\"\"] | it has no tokens | input[1]",
                "\"input\":[[]] | it has no tokens | input[0]",
                "\"input\":[\"a\",{}] | Invalid value for 'input[1]' | input[1]",
                "\"input\":[1,-1] | Invalid value for 'input[1]' | input[1]",
                "\"input\":[1,100000] | Invalid value for 'input[1]' | input[1]",
                "\"input\":[1,2.5] | Invalid value for 'input[1]' | input[1]",
                "\"input\":[[1],[99999999999]] | Invalid value for 'input[1][0]' | input[1][0]",
                "\"input\":\"a\",\"encoding_format\":\"bf16\" | \"float\" or \"base64\" |"
                        + " encoding_format",
                "\"input\":\"a\",\"encoding_format\":7 | a string | encoding_format",
                "\"input\":\"a\",\"dimensions\":4 | is_matryoshka | dimensions",
                "\"input\":\"a\",\"dimensions\":9 | an integer from 1 to 8 | dimensions",
                "\"input\":\"a\",\"dimensions\":0 | an integer from 1 to 8 | dimensions",
                "\"input\":\"a\",\"normalize\":1 | true or false | normalize",
                "\"input\":\"a\",\"truncate_prompt_tokens\":5 | leave it out |"
                        + " truncate_prompt_tokens",
                "\"messages\":[] | leave it out | messages",
            })
    void namesTheFieldOfAWrongBody(String fields, String message, String param) throws Exception {
        assertRefused(mean, EMBEDDINGS, fields, message, param);
        assertThat(worker.engine.requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/score | \"text_1\":\"a\" | Missing required parameter: 'text_2'",
                "/v1/score | \"text_1\":[\"a\",\"b\"],\"text_2\":[\"a\",\"b\",\"c\"] | as many as"
                        + " text_1 has: 2",
                "/v1/score | \"queries\":\"a\",\"text_2\":\"b\" | Missing required parameter:"
                        + " 'documents'",
                "/v1/score | \"text_1\":[7],\"text_2\":\"b\" | Invalid value for 'text_1[0]'",
                "/v1/rerank | \"query\":[\"a\",\"b\"],\"documents\":[\"c\"] | Invalid value for"
                        + " 'query'",
                "/v1/rerank | \"query\":\"a\",\"documents\":[] | Invalid value for 'documents'",
                "/v1/rerank | \"query\":\"a\",\"documents\":[{\"image\":\"x\"}] | documents[0]",
                "/v1/rerank | \"query\":\"a\",\"documents\":[\"b\"],\"top_n\":-1 | top_n",
            })
    void namesTheFieldOfAWrongPair(String path, String fields, String message) throws Exception {
        HttpResponse<String> refused = send(labels, path, fields);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains(message);
        assertThat(worker.engine.requests).isEmpty();
    }

    /** Messages are kept, and nobody's words are to be in them. */
    @Test
    void noMessageTellsWhatPeopleWrote() throws Exception {
        HttpResponse<String> refused =
                send(labels, RERANK, "\"query\":[\"secret\",\"words\"],\"documents\":[\"c\"]");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).doesNotContain("secret");
    }

    @Test
    void boundsTheInputsAndTheirTokens() throws Exception {
        String many =
                Collections.nCopies(2049, "\"a\"").stream()
                        .collect(Collectors.joining(",", "[", "]"));
        assertRefused(
                mean,
                EMBEDDINGS,
                "\"input\":" + many,
                "at most 2048 inputs; there are 2049",
                "input");
        String long1 = tokens(ScriptedEngine.CONTEXT);
        String large =
                Collections.nCopies(1501, long1).stream()
                        .collect(Collectors.joining(",", "[", "]"));
        assertRefused(
                mean,
                EMBEDDINGS,
                "\"input\":" + large,
                "allowed in one request: 300000",
                "input[1500]");
        assertThat(worker.engine.requests).isEmpty();
    }

    @Test
    void tellsAGatewayItsTokens() throws Exception {
        HttpResponse<String> answer =
                client.send(
                        client.post(
                                EMBEDDINGS,
                                "{\"model\":\"m\",\"input\":[\"ab\",\"c\"]}",
                                "weft-adapter",
                                mean.toString(),
                                "weft-tell",
                                "usage"));
        assertThat(answer.headers().firstValue("weft-usage"))
                .hasValueSatisfying(usage -> assertThat(usage).startsWith("3 0"));
    }

    private static JsonNode ask(AdapterDigest adapter, String path, String fields)
            throws Exception {
        HttpResponse<String> answer = send(adapter, path, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return WorkerClient.tree(answer.body());
    }

    private static HttpResponse<String> send(AdapterDigest adapter, String path, String fields)
            throws Exception {
        String body = "{\"model\":\"m\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
        return client.send(client.post(path, body, "weft-adapter", adapter.toString()));
    }

    private static void assertRefused(
            AdapterDigest adapter, String path, String fields, String message, String param)
            throws Exception {
        HttpResponse<String> refused = send(adapter, path, fields);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains(message.replace("\"", "\\\""));
        assertThat(WorkerClient.tree(refused.body()).path("error").path("param").asString())
                .isEqualTo(param);
    }

    private static String tokens(int count) {
        return Collections.nCopies(count, "1").stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static List<Double> floats(JsonNode array) {
        List<Double> values = new ArrayList<>();
        array.forEach(value -> values.add(value.doubleValue()));
        return values;
    }
}
