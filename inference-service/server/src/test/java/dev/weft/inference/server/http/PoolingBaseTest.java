package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.AdapterCatalog;
import dev.weft.inference.server.TestWorker;
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
 * A base whose folder says how it pools, which of a vector's parts are vectors, and its padding.
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
                                "config.json",
                                "{\"matryoshka_dimensions\":[2,4],\"pad_token_id\":7}"));
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
        HttpResponse<String> answer =
                client.send(
                        client.post(
                                EMBEDDINGS,
                                "{\"model\":\"m\",\"input\":[1,2]}",
                                "weft-adapter",
                                silent.toString()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(worker.engine.requests.getLast().pooled()).isEqualTo(PooledOutput.MEAN);
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
