package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.system.fleet.Fleet;
import dev.weft.system.fleet.Http;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A worker that starts a real vLLM on this machine's CPU, with a real model and its adapters. */
@EnabledIfSystemProperty(
        named = "weft.vllm",
        matches = ".+",
        disabledReason = "needs a vLLM, which ./weft test relay installs")
@EnabledIf(value = "modelsAreThere", disabledReason = "needs shared/models beside the checkout")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RelayVllmTest {
    private static final Path SHARED =
            Path.of("..", "..", "..", "shared").toAbsolutePath().normalize();
    private static final List<String> ADAPTERS = List.of("sql", "french", "json");
    private static final int SLOTS = 2;
    private static final int HELD = 4;

    /** A busy machine of two cores needs minutes for a start of vLLM. */
    private static final Duration START = Duration.ofMinutes(8);

    @TempDir private static Path folder;
    private static Fleet fleet;

    static boolean modelsAreThere() {
        return Files.isDirectory(SHARED.resolve("models"));
    }

    @BeforeAll
    static void start() throws Exception {
        Path base = unpack();
        Path file =
                Files.writeString(
                        folder.resolve("weft.yaml"),
                        """
                        model_name: base
                        trt_llm:
                          build:
                            checkpoint_repository: {source: FILE, repo: %1$s}
                            max_lora_rank: 32
                            lora_adapters:
                              sql: {source: FILE, repo: %2$s/sql}
                              french: {source: FILE, repo: %2$s/french}
                              json: {source: FILE, repo: %2$s/json}
                        weft:
                          engine: vllm
                          relay:
                            command: [env, VLLM_CPU_KVCACHE_SPACE=1, HF_HUB_OFFLINE=1, %3$s, serve, --dtype, bfloat16, --max-model-len, "2048", --max-num-seqs, "16"]
                            max-cpu-loras: %4$d
                            start-timeout: %5$ds
                          inference: {max-loras: %6$d, adapter-timeout: 4m}
                          gateway: {request-timeout: 5m}
                          catalog: {file-roots: %7$s}
                        """
                                .formatted(
                                        base,
                                        SHARED.resolve("adapters"),
                                        System.getProperty("weft.vllm"),
                                        HELD,
                                        START.toSeconds(),
                                        SLOTS,
                                        folder.toAbsolutePath()));
        fleet = Fleet.start(file, folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (fleet != null) {
            fleet.close();
        }
        assertThat(vllm()).isEmpty();
    }

    private static Path unpack() throws Exception {
        Path target = folder.resolve("SmolLM2-135M-Instruct").toAbsolutePath();
        Path log = folder.resolve("unpack.log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "Unpack.java",
                                target.toString())
                        .directory(SHARED.resolve("models").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return target;
    }

    /** The server's process, if it runs. */
    private static Optional<ProcessHandle> vllm() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> arguments(process).contains("--enable-lora"))
                .findFirst();
    }

    private static List<String> arguments(ProcessHandle process) {
        return List.of(process.info().arguments().orElse(new String[0]));
    }

    private static URI direct() {
        List<String> arguments = arguments(vllm().orElseThrow());
        return URI.create("http://127.0.0.1:" + arguments.get(arguments.indexOf("--port") + 1));
    }

    private static String ask(String model, JsonNode messages, int tokens) throws Exception {
        ObjectNode body = Http.JSON.createObjectNode().put("model", model);
        body.put("temperature", 0).put("max_tokens", tokens).set("messages", messages);
        HttpResponse<String> answer = post(chat(fleet.gateway()), body.toString());
        assertThat(answer.statusCode()).as(model + ": " + answer.body()).isEqualTo(200);
        assertThat(Http.json(answer).path("model").asString("")).isEqualTo(model);
        return Http.json(answer)
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asString("");
    }

    private static URI chat(URI server) {
        return server.resolve("/v1/chat/completions");
    }

    private static HttpResponse<String> post(URI address, String body) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(address)
                            .header("Content-Type", "application/json")
                            .timeout(Duration.ofMinutes(5))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /**
     * vLLM computes in bf16, so its answers part from the references' at near ties. Each is still
     * nearer to its own adapter's reference than to any other's. The base is asked apart: on a CPU
     * vLLM 0.32 gives requests for it the weights of an adapter in the same batch.
     */
    @Test
    @Order(1)
    void mixedModelsAnswerAsTheirOwnReferences() throws Exception {
        assertThat(likeness(List.of("base"))).as("base").isGreaterThan(0.6);
        assertThat(likeness(ADAPTERS)).as("adapters").isGreaterThan(0.6);
    }

    /** The share of the references that answers begin with, if all models are asked at once. */
    private static double likeness(List<String> models) throws Exception {
        JsonNode goldens =
                Http.JSON.readTree(SHARED.resolve("goldens/smollm2.json").toFile()).path("goldens");
        record Asked(JsonNode golden, Future<String> answer) {}
        List<Asked> asked = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (int prompt = 0; prompt < 4; prompt++) {
                for (String model : models) {
                    JsonNode golden = goldens.path(model).path(prompt);
                    asked.add(
                            new Asked(
                                    golden,
                                    pool.submit(() -> ask(model, golden.path("messages"), 24))));
                }
            }
            int same = 0;
            int whole = 0;
            for (Asked each : asked) {
                String reference = each.golden.path("text").asString("");
                String answer = each.answer.get();
                same += common(answer, reference);
                whole += Math.min(answer.length(), reference.length());
            }
            return (double) same / whole;
        }
    }

    private static int common(String one, String other) {
        int at = 0;
        while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    @Test
    @Order(2)
    void structuredAnswersDifferFromVllmsOwnInTheirModelAlone() throws Exception {
        String body =
                """
                {"model":"%s","temperature":0,"max_tokens":40,
                "messages":[{"role":"user","content":"Berlin, 1889"}],
                "response_format":{"type":"json_schema","json_schema":{"name":"city","schema":
                {"type":"object","properties":{"city":{"type":"string","maxLength":12},"year":{"type":"integer","minimum":1000,"maximum":2100}},
                "required":["city","year"],"additionalProperties":false}}}}\
                """;
        HttpResponse<String> relayed = post(chat(fleet.gateway()), body.formatted("sql"));
        String name = loaded().getFirst();
        for (String other : loaded()) {
            name = other;
            HttpResponse<String> own = post(chat(direct()), body.formatted(name));
            if (plain(own.body(), name).equals(plain(relayed.body(), "sql"))) {
                assertThat(relayed.statusCode()).isEqualTo(200);
                return;
            }
        }
        throw new AssertionError("no adapter of vLLM's answers as 'sql' does: " + relayed.body());
    }

    /** An answer without what is new each time. */
    private static String plain(String json, String model) {
        return json.replace("\"model\":\"" + model + "\"", "\"model\":\"\"")
                .replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"\"")
                .replaceAll("\"created\":\\d+", "\"created\":0");
    }

    private static List<String> loaded() throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode card : Http.json(Http.get(direct().resolve("/v1/models"))).path("data")) {
            String id = card.path("id").asString("");
            if (id.startsWith("weft1-")) {
                names.add(id);
            }
        }
        return names;
    }

    @Test
    @Order(3)
    void threeTimesAsManyAdaptersAsItHoldsAreServedWithoutAnError() throws Exception {
        List<String> names = variants(3 * HELD);
        JsonNode messages =
                Http.JSON.readTree("[{\"role\":\"user\",\"content\":\"list all users\"}]");
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < names.size() + HELD; i++) {
                String model = names.get(i % names.size());
                answers.add(pool.submit(() -> ask(model, messages, 3)));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isNotNull();
            }
        }
        assertThat(loaded()).hasSizeLessThanOrEqualTo(HELD);
    }

    /** Adapters of their own content: the same matrices with other scales. */
    private static List<String> variants(int count) throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path from = SHARED.resolve("adapters").resolve("french");
            Path copy = Files.createDirectories(folder.resolve("variants/v" + i));
            Files.copy(
                    from.resolve("adapter_model.safetensors"),
                    copy.resolve("adapter_model.safetensors"));
            ObjectNode config =
                    (ObjectNode) Http.JSON.readTree(from.resolve("adapter_config.json").toFile());
            config.put("lora_alpha", 8 + i);
            Files.writeString(copy.resolve("adapter_config.json"), config.toString());
            fleet.admin()
                    .register(
                            "v" + i,
                            new RepositoryRef(RepositorySource.FILE, copy.toString(), null));
            names.add("v" + i);
        }
        for (String name : names) {
            fleet.admin().awaitReady(name);
        }
        return names;
    }

    @Test
    @Order(4)
    void aClientThatLeavesEndsItsRequestAtOnce() throws Exception {
        try (HttpClient leaving = HttpClient.newHttpClient()) {
            var answer = leaving.send(stream(1000), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.body().read()).isEqualTo('d');
            leaving.shutdownNow();
        }
        Http.await(
                "vLLM runs nothing",
                () ->
                        Http.get(direct().resolve("/metrics"))
                                .body()
                                .lines()
                                .filter(line -> line.startsWith("vllm:num_requests_running{"))
                                .allMatch(line -> line.endsWith(" 0.0")));
    }

    private static HttpRequest stream(int tokens) {
        return HttpRequest.newBuilder(chat(fleet.gateway()))
                .header("Content-Type", "application/json")
                .POST(
                        HttpRequest.BodyPublishers.ofString(
                                """
                                {"model":"sql","stream":true,"temperature":0,"max_tokens":%d,"ignore_eos":true,
                                "messages":[{"role":"user","content":"list all users"}]}\
                                """
                                        .formatted(tokens)))
                .build();
    }

    @Test
    @Order(5)
    void aKilledVllmEndsStreamsWithAnErrorAndIsStartedAgainWithItsAdapters() throws Exception {
        List<String> lines = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(stream(1000), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                    if (lines.size() == 6) {
                        ProcessHandle server = vllm().orElseThrow();
                        server.descendants().forEach(ProcessHandle::destroyForcibly);
                        server.destroyForcibly();
                    }
                }
            }
        }
        assertThat(lines).contains("event: error").doesNotContain("data: [DONE]");
        long end = System.nanoTime() + START.toNanos();
        while (Http.get(fleet.gateway().resolve("/actuator/health/readiness")).statusCode() != 200
                || Http.get(fleet.worker().resolve("/actuator/health/readiness")).statusCode()
                        != 200) {
            assertThat(System.nanoTime()).as("vLLM is back").isLessThan(end);
            Thread.sleep(500);
        }
        assertThat(ask("sql", Http.JSON.readTree("[{\"role\":\"user\",\"content\":\"users\"}]"), 4))
                .isNotEmpty();
    }
}
