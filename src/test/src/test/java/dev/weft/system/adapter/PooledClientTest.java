package dev.weft.system.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.errors.BadRequestException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's official client has adapters make vectors, beside others that answer chats. */
@ExtendWith(SampleFleet.class)
class PooledClientTest {
    private static final String VECTORS = "vectors";
    private static final String JUDGE = "judge";
    private static final List<String> TEXTS =
            List.of("list the open orders", "how many quotes are there", "list open orders");

    private static Client client;

    @BeforeAll
    static void register() throws Exception {
        client = new Client(SampleFleet.fleet().gateway());
        Admin admin = SampleFleet.fleet().admin();
        admin.register(VECTORS, vectors());
        admin.register(JUDGE, judge());
        for (String name : List.of(VECTORS, JUDGE)) {
            admin.awaitReady(name);
            Http.await(name + " is listed", () -> listed(name));
            Http.await(
                    "the worker lists it",
                    () -> RunningFleet.lists(SampleFleet.fleet().worker(), name));
        }
        // the first requests load classes and adapters, which takes long on a busy machine
        Http.await(VECTORS + " answers", () -> answers("/v1/embeddings", VECTORS));
        Http.await(JUDGE + " answers", () -> answers("/v1/classify", JUDGE));
        Http.await(
                "sql answers",
                () -> Http.chat(SampleFleet.fleet().gateway(), null, "sql").statusCode() == 200);
    }

    @AfterAll
    static void disconnect() throws Exception {
        SampleFleet.fleet().admin().remove(VECTORS);
        SampleFleet.fleet().admin().remove(JUDGE);
        client.close();
    }

    @Test
    void embedsTextsWhileOthersChat() throws Exception {
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close())
                        .findFirst()
                        .orElseThrow();
        CompletableFuture<String> chat =
                CompletableFuture.supplyAsync(() -> client.ask("sql", prompt.text()));
        CreateEmbeddingResponse together = embed(TEXTS);
        assertThat(chat.get(Client.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(prompt.of("sql").answer());
        assertThat(together.model()).isEqualTo(VECTORS);
        assertThat(together.usage().promptTokens()).isPositive();
        assertThat(together.usage().totalTokens()).isEqualTo(together.usage().promptTokens());
        for (int i = 0; i < TEXTS.size(); i++) {
            assertThat(together.data().get(i).index()).isEqualTo(i);
            List<Float> vector = together.data().get(i).embedding();
            assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
            assertThat(embed(List.of(TEXTS.get(i))).data().getFirst().embedding())
                    .isEqualTo(vector);
        }
    }

    @Test
    void listsTellWhatEachModelDoes() throws Exception {
        Map<String, String> tasks =
                Map.of(VECTORS, "FEATURE_EXTRACTION", JUDGE, "SEQ_CLS", "sql", "CAUSAL_LM");
        for (Map.Entry<String, String> task : tasks.entrySet()) {
            String path = "/v1/models/" + task.getKey();
            for (URI service :
                    List.of(SampleFleet.fleet().gateway(), SampleFleet.fleet().worker())) {
                JsonNode model = Http.json(Http.get(service.resolve(path)));
                assertThat(model.path("task_type").asString()).isEqualTo(task.getValue());
            }
            JsonNode newest =
                    SampleFleet.fleet().admin().show(task.getKey()).path("versions").path(0);
            assertThat(newest.path("task").asString()).isEqualTo(task.getValue());
        }
        JsonNode base =
                Http.json(
                        Http.get(
                                SampleFleet.fleet()
                                        .gateway()
                                        .resolve("/v1/models/" + Sample.BASE)));
        assertThat(base.has("task_type")).isFalse();
    }

    @Test
    void writesTheSameVectorInBase64() throws Exception {
        List<Float> floats = embed(List.of(TEXTS.getFirst())).data().getFirst().embedding();
        JsonNode answer =
                post(
                        "/v1/embeddings",
                        """
                        {"model":"%s","input":"%s","encoding_format":"base64"}\
                        """
                                .formatted(VECTORS, TEXTS.getFirst()));
        ByteBuffer bytes =
                ByteBuffer.wrap(
                                Base64.getDecoder()
                                        .decode(
                                                answer.path("data")
                                                        .path(0)
                                                        .path("embedding")
                                                        .asString()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : floats) {
            assertThat(bytes.getFloat()).isEqualTo(value);
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aScoreIsTheCosineOfTheVectors() throws Exception {
        CreateEmbeddingResponse vectors = embed(TEXTS);
        JsonNode answer =
                post(
                        "/v1/score",
                        """
                        {"model":"%s","text_1":"%s","text_2":["%s","%s"]}\
                        """
                                .formatted(VECTORS, TEXTS.get(0), TEXTS.get(1), TEXTS.get(2)));
        for (int i = 0; i < 2; i++) {
            assertThat(answer.path("data").path(i).path("score").doubleValue())
                    .isCloseTo(
                            dot(
                                    vectors.data().get(0).embedding(),
                                    vectors.data().get(i + 1).embedding()),
                            within(1e-5));
        }
    }

    @Test
    void ranksDocumentsByAHeadOfItsOwn() throws Exception {
        String texts = "[\"%s\",\"%s\",\"%s\"]".formatted(TEXTS.toArray());
        JsonNode scores =
                post(
                                "/v1/score",
                                "{\"model\":\"%s\",\"text_1\":\"orders\",\"text_2\":%s}"
                                        .formatted(JUDGE, texts))
                        .path("data");
        JsonNode ranked =
                post(
                                "/v1/rerank",
                                "{\"model\":\"%s\",\"query\":\"orders\",\"documents\":%s}"
                                        .formatted(JUDGE, texts))
                        .path("results");
        assertThat(ranked).hasSize(3);
        double before = 1;
        for (JsonNode result : ranked) {
            int index = result.path("index").intValue();
            double score = result.path("relevance_score").doubleValue();
            assertThat(score).isBetween(0.0, before);
            assertThat(score).isEqualTo(scores.path(index).path("score").doubleValue());
            assertThat(result.path("document").path("text").asString()).isEqualTo(TEXTS.get(index));
            before = score;
        }
        JsonNode labels =
                post("/v1/classify", "{\"model\":\"%s\",\"input\":\"orders\"}".formatted(JUDGE));
        assertThat(labels.path("data").path(0).path("num_classes").intValue()).isEqualTo(1);
    }

    @Test
    void aModelThatDoesSomethingElseIsABadRequest() {
        for (String model : List.of(VECTORS, JUDGE)) {
            assertThatThrownBy(() -> client.ask(model, "hello"))
                    .isInstanceOfSatisfying(
                            BadRequestException.class, e -> assertThat(e.param()).contains("model"))
                    .hasMessageContaining("task_type");
        }
        for (String model : List.of("sql", JUDGE, Sample.BASE)) {
            assertThatThrownBy(() -> embed(model, TEXTS))
                    .isInstanceOfSatisfying(
                            BadRequestException.class, e -> assertThat(e.param()).contains("model"))
                    .hasMessageContaining("'" + model + "'");
        }
    }

    private static boolean answers(String path, String model)
            throws IOException, InterruptedException {
        String body = "{\"model\":\"%s\",\"input\":\"a\"}".formatted(model);
        return Http.post(SampleFleet.fleet().gateway().resolve(path), body).statusCode() == 200;
    }

    private static CreateEmbeddingResponse embed(List<String> texts) {
        return embed(VECTORS, texts);
    }

    private static CreateEmbeddingResponse embed(String model, List<String> texts) {
        return client.api()
                .embeddings()
                .create(
                        EmbeddingCreateParams.builder()
                                .model(model)
                                .inputOfArrayOfStrings(texts)
                                .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                                .build());
    }

    private static JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> answer = Http.post(SampleFleet.fleet().gateway().resolve(path), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Http.json(answer);
    }

    private static double dot(List<Float> one, List<Float> other) {
        double sum = 0;
        for (int i = 0; i < one.size(); i++) {
            sum += (double) one.get(i) * other.get(i);
        }
        return sum;
    }

    private static boolean listed(String name) throws Exception {
        return RunningFleet.lists(SampleFleet.fleet().gateway(), name);
    }

    /** The sample's French adapter as if it were trained with sentence-transformers. */
    private static Path vectors() throws IOException {
        Path folder =
                write(
                        VECTORS,
                        "french",
                        "FEATURE_EXTRACTION",
                        name -> name.replace("base_model.model.model.", "base_model.model."),
                        List.of());
        Files.writeString(
                folder.resolve("modules.json"),
                """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]\
                """);
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.writeString(
                folder.resolve("1_Pooling").resolve("config.json"),
                "{\"pooling_mode_mean_tokens\": true}");
        return folder;
    }

    /** The sample's SQL adapter with a head of one label. */
    private static Path judge() throws IOException {
        int hidden =
                Http.JSON
                        .readTree(
                                Path.of("..", "..", "samples", "weft-tiny", "base", "config.json"))
                        .path("hidden_size")
                        .intValue();
        float[] weights = new float[hidden];
        for (int i = 0; i < hidden; i++) {
            weights[i] = (i % 7 - 3) / 20f;
        }
        Tensor head =
                new Tensor(
                        "base_model.model.score.weight",
                        DType.F32,
                        List.of(1L, (long) hidden),
                        MemorySegment.ofArray(weights));
        return write(JUDGE, "sql", "SEQ_CLS", UnaryOperator.identity(), List.of(head));
    }

    private static Path write(
            String name, String from, String task, UnaryOperator<String> names, List<Tensor> more)
            throws IOException {
        Path source = Path.of("..", "..", "samples", "weft-tiny", "adapters", from);
        Path folder = Files.createDirectories(SampleFleet.adapters().resolve(name));
        ObjectNode config = (ObjectNode) Http.JSON.readTree(source.resolve("adapter_config.json"));
        config.put("task_type", task);
        Files.writeString(folder.resolve("adapter_config.json"), config.toString());
        try (Arena arena = Arena.ofConfined()) {
            List<Tensor> tensors = new ArrayList<>(more);
            SafetensorsFile.open(source.resolve("adapter_model.safetensors"), arena)
                    .tensors()
                    .values()
                    .forEach(tensor ->
                            tensors.add(
                                    new Tensor(
                                            names.apply(tensor.name()),
                                            tensor.dtype(),
                                            tensor.shape(),
                                            tensor.data())));
            SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), Map.of(), tensors);
        }
        return folder;
    }
}
