package dev.weft.inference.server.http.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.AdapterCatalog;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.WorkerClient;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A base whose folder says how it pools, how long texts may be, which of a vector's parts are
 * vectors, its padding, and that labels' logits are scores.
 */
class PoolingBaseTest {
    private static final String EMBEDDINGS = "/v1/embeddings";

    private static AdapterCatalog catalog;
    private static TestWorker worker;
    private static WorkerClient client;
    private static AdapterDigest labels;
    private static AdapterDigest silent;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        catalog = new AdapterCatalog();
        labels = catalog.publish("labels", "{\"task_type\":\"SEQ_CLS\"}", Map.of());
        silent = catalog.publish("silent", "{\"task_type\":\"FEATURE_EXTRACTION\"}", Map.of());
        worker =
                TestWorker.startWith(
                        data,
                        _ -> TestWorker.bytes("x"),
                        catalog.address(),
                        Map.of(
                                "modules.json",
                                """
                                [{"path":"","type":"sentence_transformers.models.Transformer"},
                                 {"path":"1_Pooling",
                                  "type":"sentence_transformers.models.Pooling"}]\
                                """,
                                "1_Pooling/config.json",
                                "{\"pooling_mode_mean_tokens\":true}",
                                "sentence_bert_config.json",
                                "{\"max_seq_length\":5}",
                                "config.json",
                                """
                                {"matryoshka_dimensions":[2,4],"pad_token_id":7,
                                 "problem_type":"regression"}\
                                """));
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
        catalog.close();
    }

    @Test
    void makesVectorsAndTextToo() throws Exception {
        JsonNode answer = ask("\"input\":[1,2,3]");
        // not normalised: its folder has no such module
        assertThat(answer.path("data").path(0).path("embedding").path(0).doubleValue())
                .isEqualTo(3);
        assertThat(worker.engine.requests.getLast().pooled()).isEqualTo(PooledOutput.MEAN);
        String chat =
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"
                        .formatted(TestWorker.BASE);
        assertThat(client.send(client.post("/v1/chat/completions", chat)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void anAdapterThatDoesNotSayPoolsAsTheBaseDoes() throws Exception {
        HttpResponse<String> answer = askSilent(client);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(worker.engine.requests.getLast().pooled()).isEqualTo(PooledOutput.MEAN);
    }

    /**
     * Vectors pooled in another way than the base's would mean nothing, and nobody would see it.
     */
    @Test
    void anAdapterThatWouldPoolAsTheBaseInAWayThatIsNotServedIsRefused(@TempDir Path data)
            throws Exception {
        try (TestWorker other =
                TestWorker.startWith(
                        data,
                        _ -> TestWorker.bytes("x"),
                        catalog.address(),
                        Map.of(
                                "modules.json",
                                """
                                [{"path":"","type":"sentence_transformers.models.Transformer"},
                                 {"path":"2_Dense","type":"sentence_transformers.models.Dense"}]\
                                """))) {
            WorkerClient asking = new WorkerClient(other);
            HttpResponse<String> answer = askSilent(asking);
            asking.stop();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("would pool as its base does").contains("Dense");
        }
    }

    private static HttpResponse<String> askSilent(WorkerClient asking) throws Exception {
        return asking.send(
                asking.post(
                        EMBEDDINGS,
                        "{\"model\":\"m\",\"input\":[1,2]}",
                        "weft-adapter",
                        silent.toString()));
    }

    @Test
    void takesTheFirstValuesIfTheyAreAVector() throws Exception {
        JsonNode vector =
                ask("\"input\":[1,2,4],\"dimensions\":2,\"use_activation\":true")
                        .path("data")
                        .path(0)
                        .path("embedding");
        assertThat(vector).hasSize(2);
        assertThat(vector.path(0).doubleValue()).isCloseTo(0.6, within(1e-6));
        assertThat(vector.path(1).doubleValue()).isCloseTo(0.8, within(1e-6));
        HttpResponse<String> other = send("\"input\":[1,2,4],\"dimensions\":3");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("one of [2, 4] (matryoshka_dimensions)");
        assertThat(ask("\"input\":[1],\"dimensions\":8").path("data").path(0).path("embedding"))
                .hasSize(8);
    }

    /** As transformers' classifiers do; one token stays if all are padding. */
    @Test
    void aClassifierPassesOverPaddingAtTheEnd() throws Exception {
        for (String input : new String[] {"[7,5,7,9,7,7]", "[7,7,7]"}) {
            client.send(
                    client.post(
                            "/v1/classify",
                            "{\"model\":\"m\",\"input\":" + input + "}",
                            "weft-adapter",
                            labels.toString()));
        }
        int last = worker.engine.requests.size();
        assertThat(worker.engine.requests.get(last - 2).prompt()).containsExactly(7, 5, 7, 9);
        assertThat(worker.engine.requests.get(last - 1).prompt()).containsExactly(7);
    }

    @Test
    void labelsOfARegressionAreTheirLogits() throws Exception {
        HttpResponse<String> answer =
                client.send(
                        client.post(
                                "/v1/classify",
                                "{\"model\":\"m\",\"input\":[3,4]}",
                                "weft-adapter",
                                labels.toString()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode probs =
                WorkerClient.tree(answer.body()).path("data").path(0).path("probs").path(0);
        assertThat(probs.doubleValue()).isEqualTo(4);
    }

    /** Only of texts that become vectors. */
    @Test
    void refusesTextsThatAreLongerThanTheModelKnows() throws Exception {
        assertThat(send("\"input\":[1,2,3,4,5]").statusCode()).isEqualTo(200);
        HttpResponse<String> longer = send("\"input\":[[1],[1,2,3,4,5,6]]");
        assertThat(longer.statusCode()).isEqualTo(400);
        JsonNode error = WorkerClient.tree(longer.body()).path("error");
        assertThat(error.path("code").asString()).isEqualTo("context_length_exceeded");
        assertThat(error.path("param").asString()).isEqualTo("input[1]");
        assertThat(error.path("message").asString())
                .contains("at most 5 tokens (max_seq_length)")
                .contains("has 6 tokens");
        HttpResponse<String> score =
                client.send(
                        client.post(
                                "/v1/score",
                                "{\"model\":\"%s\",\"text_1\":\"a\",\"text_2\":\"abcdef\"}"
                                        .formatted(TestWorker.BASE)));
        assertThat(score.statusCode()).isEqualTo(400);
        assertThat(score.body()).contains("max_seq_length").contains("text_2[0]");
        String prompt = "{\"model\":\"%s\",\"prompt\":\"abcdefgh\"}".formatted(TestWorker.BASE);
        assertThat(client.send(client.post("/v1/completions", prompt)).statusCode()).isEqualTo(200);
    }

    private static JsonNode ask(String fields) throws Exception {
        HttpResponse<String> answer = send(fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return WorkerClient.tree(answer.body());
    }

    private static HttpResponse<String> send(String fields) throws Exception {
        return client.send(
                client.post(EMBEDDINGS, "{\"model\":\"" + TestWorker.BASE + "\"," + fields + "}"));
    }
}
