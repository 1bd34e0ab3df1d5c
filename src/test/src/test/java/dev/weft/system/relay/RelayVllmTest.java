package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.inference.relay.call.ServerMetrics;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.LoadMetrics;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.RunningFleet;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A worker that starts a real vLLM on this machine's CPU, with a real model and its adapters. */
@EnabledIfSystemProperty(
        named = VllmFleet.PROGRAM,
        matches = ".+",
        disabledReason = "needs a vLLM, which ./weft test relay installs")
@EnabledIf(value = "modelsAreThere", disabledReason = "needs shared/models beside the checkout")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RelayVllmTest {
    private static final Logger LOG = LoggerFactory.getLogger(RelayVllmTest.class);
    private static final List<String> ADAPTERS = List.of("sql", "french", "json");
    private static final int SLOTS = 2;
    private static final int HELD = 4;

    private static final String STREAM =
            """
            {"model":"sql","stream":true,"temperature":0,"max_tokens":%d,"ignore_eos":true,
            "messages":[{"role":"user","content":"list all users"}]}\
            """;

    @TempDir private static Path folder;
    private static VllmFleet vllm;
    private static Path shared;
    private static boolean isSmallDisk;

    static boolean modelsAreThere() {
        return VllmFleet.modelsAreThere();
    }

    @BeforeAll
    static void start() throws Exception {
        shared = Files.createDirectory(folder.resolve("shared")).toRealPath();
        isSmallDisk =
                Program.named("mount")
                                .run("-t", "tmpfs", "-o", "size=256m", "tmpfs", shared.toString())
                                .exit()
                        == 0;
        String deployment =
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
                """
                        .formatted(VllmFleet.unpack(folder), VllmFleet.SHARED.resolve("adapters"));
        vllm =
                VllmFleet.start(
                        folder,
                        deployment,
                        List.of(
                                "--max-model-len",
                                "\"2048\"",
                                "--max-num-seqs",
                                "\"16\"",
                                "--enable-auto-tool-choice",
                                "--tool-call-parser",
                                "hermes"),
                        "weft.relay.max-cpu-loras=" + HELD,
                        "weft.relay.shared-dir=" + shared,
                        "weft.inference.max-loras=" + SLOTS,
                        "weft.catalog.file-roots=" + folder.toAbsolutePath());
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (vllm != null) {
                vllm.close();
            }
        } finally {
            if (isSmallDisk) {
                assertThat(Program.named("umount").run(shared.toString()).exit()).isZero();
            }
        }
    }

    private static JsonNode messages(String text) {
        return Http.JSON.readTree("[{\"role\":\"user\",\"content\":\"" + text + "\"}]");
    }

    private static ObjectNode chat(String model, JsonNode messages, int tokens) {
        ObjectNode body = Http.JSON.createObjectNode().put("model", model);
        body.put("temperature", 0).put("max_tokens", tokens).set("messages", messages);
        return body;
    }

    private static String ask(String model, JsonNode messages, int tokens) throws Exception {
        HttpResponse<String> answer =
                vllm.post("/v1/chat/completions", chat(model, messages, tokens).toString());
        String text = Http.content(answer);
        assertThat(Http.json(answer).path("model").asString("")).isEqualTo(model);
        return text;
    }

    private static String streamed(String model, JsonNode messages, int tokens) throws Exception {
        ObjectNode body = chat(model, messages, tokens).put("stream", true);
        List<String> lines = vllm.stream(body.toString(), _ -> {});
        assertThat(lines).contains("data: [DONE]");
        assertThat(lines.stream().filter(line -> line.startsWith("data: {")))
                .allMatch(line -> line.contains("\"model\":\"" + model + "\""));
        return RelayTest.contents(String.join("\n", lines));
    }

    /** A model's answers to the prompts of the references. */
    private record Answers(String model, List<String> texts) {
        /** Characters with which they begin as a model's references do. */
        int common(JsonNode goldens, String other) {
            int same = 0;
            for (int prompt = 0; prompt < texts.size(); prompt++) {
                String reference = goldens.path(other).path(prompt).path("text").asString("");
                String text = texts.get(prompt);
                int at = 0;
                while (at < Math.min(text.length(), reference.length())
                        && text.charAt(at) == reference.charAt(at)) {
                    at++;
                }
                same += at;
            }
            return same;
        }

        int length() {
            return texts.stream().mapToInt(String::length).sum();
        }
    }

    /** Streams of all models at once. */
    private static List<Answers> streamed(JsonNode goldens, List<String> models) throws Exception {
        List<Answers> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<List<Future<String>>> asked = new ArrayList<>();
            for (String model : models) {
                List<Future<String>> own = new ArrayList<>();
                for (int prompt = 0; prompt < 4; prompt++) {
                    JsonNode messages = goldens.path(model).path(prompt).path("messages");
                    own.add(pool.submit(() -> streamed(model, messages, 24)));
                }
                asked.add(own);
            }
            for (int i = 0; i < models.size(); i++) {
                List<String> texts = new ArrayList<>();
                for (Future<String> each : asked.get(i)) {
                    texts.add(each.get());
                }
                answers.add(new Answers(models.get(i), texts));
            }
        }
        return answers;
    }

    /**
     * vLLM computes in bf16, so its answers part from the references' at near ties. Those of an
     * adapter still begin as its own references for longer than as any other's. The base is asked
     * apart: on a CPU vLLM 0.32 gives requests for it the weights of an adapter in the same batch.
     */
    @Test
    @Order(1)
    void mixedStreamsAnswerAsTheirOwnReferences() throws Exception {
        JsonNode goldens =
                Http.JSON
                        .readTree(VllmFleet.SHARED.resolve("goldens/smollm2.json").toFile())
                        .path("goldens");
        List<Answers> all = new ArrayList<>(streamed(goldens, List.of("base")));
        all.addAll(streamed(goldens, ADAPTERS));
        for (Answers answers : all) {
            int own = answers.common(goldens, answers.model);
            LOG.info("{}: {} of {} characters", answers.model, own, answers.length());
            assertThat(own).as(answers.model).isGreaterThan(answers.length() / 2);
            for (String other : ADAPTERS) {
                if (!other.equals(answers.model)) {
                    assertThat(own)
                            .as("%s is nearer to itself than to %s", answers.model, other)
                            .isGreaterThan(answers.common(goldens, other));
                }
            }
        }
    }

    @Test
    @Order(2)
    void structuredAnswersDifferFromVllmsOwnInTheirModelAlone() throws Exception {
        vllm.assertSame(
                """
                {"model":"%s","temperature":0,"max_tokens":40,
                "messages":[{"role":"user","content":"Berlin, 1889"}],
                "response_format":{"type":"json_schema","json_schema":{"name":"city","schema":
                {"type":"object","properties":{"city":{"type":"string","maxLength":12},"year":{"type":"integer","minimum":1000,"maximum":2100}},
                "required":["city","year"],"additionalProperties":false}}}}\
                """,
                "sql");
    }

    @Test
    @Order(3)
    void callsOfToolsDifferFromVllmsOwnInTheirModelAlone() throws Exception {
        String tools =
                """
                {"model":"%s","temperature":0,"max_tokens":60,
                "messages":[{"role":"user","content":"How warm is it in Berlin?"}],
                "tools":[{"type":"function","function":{"name":"weather","description":"Weather of a city",
                "parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":12}},
                "required":["city"],"additionalProperties":false}}}],
                "tool_choice":{"type":"function","function":{"name":"weather"}}}\
                """;
        vllm.assertSame(tools, "json");
        JsonNode call =
                Http.json(vllm.post("/v1/chat/completions", tools.formatted("json")))
                        .path("choices")
                        .path(0)
                        .path("message")
                        .path("tool_calls")
                        .path(0);
        assertThat(call.path("function").path("name").asString("")).isEqualTo("weather");
    }

    /** A stream of an adapter goes on meanwhile. */
    @Test
    @Order(4)
    void threeTimesAsManyAdaptersAsItHoldsAreServedWithoutAnError() throws Exception {
        List<String> names = variants(3 * HELD);
        JsonNode messages = messages("list all users");
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            Future<List<String>> beside =
                    pool.submit(() -> vllm.stream(STREAM.formatted(150), _ -> {}));
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < names.size() + HELD; i++) {
                String model = names.get(i % names.size());
                answers.add(pool.submit(() -> ask(model, messages, 3)));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isNotNull();
            }
            assertThat(beside.get()).contains("data: [DONE]").doesNotContain("event: error");
        }
        assertThat(VllmFleet.loaded()).hasSizeLessThanOrEqualTo(HELD);
    }

    /** Adapters of their own content: the same matrices with other scales. */
    private static List<String> variants(int count) throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            register("v" + i, variant("v" + i, 8 + i));
            names.add("v" + i);
        }
        for (String name : names) {
            vllm.fleet.admin().awaitReady(name);
        }
        return names;
    }

    private static Path variant(String name, int alpha) throws IOException {
        Path from = VllmFleet.SHARED.resolve("adapters").resolve("french");
        Path copy = Files.createDirectories(folder.resolve("variants").resolve(name));
        Files.copy(
                from.resolve("adapter_model.safetensors"),
                copy.resolve("adapter_model.safetensors"));
        ObjectNode config =
                (ObjectNode) Http.JSON.readTree(from.resolve("adapter_config.json").toFile());
        config.put("lora_alpha", alpha);
        Files.writeString(copy.resolve("adapter_config.json"), config.toString());
        return copy;
    }

    private static void register(String name, Path repository) throws Exception {
        vllm.fleet
                .admin()
                .register(
                        name,
                        new RepositoryRef(RepositorySource.FILE, repository.toString(), null));
    }

    @Test
    @Order(5)
    void aNameThatIsPublishedAgainAnswersWithItsNewWeights() throws Exception {
        JsonNode messages = messages("Where is the station?");
        for (String adapter : List.of("french", "sql")) {
            String expected = ask(adapter, messages, 8);
            register("again", VllmFleet.SHARED.resolve("adapters").resolve(adapter));
            vllm.fleet.admin().awaitReady("again");
            Http.await(
                    "it answers as " + adapter,
                    () ->
                            vllm.post("/v1/chat/completions", chat("again", messages, 8).toString())
                                    .body()
                                    .contains(Http.JSON.writeValueAsString(expected)));
        }
    }

    /** One of three is: the machine may be busy. */
    @Test
    @Order(6)
    void aClientThatLeavesEndsItsRequestWithinASecond() throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long left;
            try (HttpClient leaving = HttpClient.newHttpClient()) {
                HttpRequest request =
                        HttpRequest.newBuilder(vllm.fleet.gateway().resolve("/v1/chat/completions"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(STREAM.formatted(1000)))
                                .build();
                var answer = leaving.send(request, HttpResponse.BodyHandlers.ofInputStream());
                assertThat(answer.body().read()).isEqualTo('d');
                assertThat(VllmFleet.running()).isEqualTo(1);
                left = System.nanoTime();
                leaving.shutdownNow();
            }
            Http.await("vLLM runs nothing", () -> VllmFleet.running() == 0);
            times.add(Duration.ofNanos(System.nanoTime() - left));
        }
        LOG.info("idle after {}", times);
        assertThat(times.stream().sorted().toList().get(1)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @Order(7)
    void vllmSaysHowBusyItIsByTheNamesThatAreRead() throws Exception {
        LoadMetrics names = Dialect.of("vllm").loadMetrics();
        String text = VllmFleet.direct("/metrics").body();
        for (List<String> one : List.of(names.waiting(), names.kvUsage())) {
            assertThat(ServerMetrics.read(text, Set.copyOf(one)).sum(one))
                    .as("%s", one)
                    .isPresent();
        }
        assertThat(names.tokenSeconds()).anyMatch(name -> text.contains(name + "_count{"));
    }

    @Test
    @Order(8)
    void aSecondWorkerAtTheServerIsRefused() throws Exception {
        ask("sql", messages("users"), 1);
        assertThatThrownBy(() ->
                        RunningFleet.start(
                                folder.resolve("weft.yaml"),
                                folder.resolve("second"),
                                "weft.relay.command=",
                                "weft.relay.url=" + VllmFleet.direct(),
                                "weft.relay.shared-dir=" + folder.resolve("elsewhere")))
                .hasMessageContaining("another worker uses the server");
        assertThat(ask("sql", messages("users"), 1)).isNotNull();
    }

    /** The folder that both see is a small disk of its own, if this machine lets the test mount. */
    @Test
    @Order(9)
    void aFullDiskFailsWhatIsLoadedAndNothingElse() throws Exception {
        assumeThat(isSmallDisk).as("no disk of its own can be mounted here").isTrue();
        register("late", variant("late", 99));
        vllm.fleet.admin().awaitReady("late");
        Http.await(
                "it is listed",
                () ->
                        Http.get(vllm.fleet.gateway().resolve("/v1/models/late")).statusCode()
                                == 200);
        JsonNode messages = messages("list all users");
        ask("sql", messages, 1);
        Path filler = fill("filler");
        Http.await("what was kept for a second load has gone", () -> folders() <= HELD);
        Path more = fill("more");
        HttpResponse<String> refused =
                vllm.post("/v1/chat/completions", chat("late", messages, 2).toString());
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(ask("sql", messages, 2)).isNotNull();
        Files.delete(more);
        Files.delete(filler);
        assertThat(ask("late", messages, 2)).isNotNull();
    }

    /** Folders of adapters. */
    private static long folders() throws IOException {
        try (Stream<Path> files = Files.list(shared)) {
            return files.filter(Files::isDirectory).count();
        }
    }

    /** Leaves no room on the small disk. */
    private static Path fill(String name) throws IOException {
        Path filler = shared.resolve(name);
        byte[] zeros = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (int i = 0; i < 1 << 14; i++) {
                out.write(zeros);
            }
            throw new AssertionError("the disk is larger than a gigabyte");
        } catch (IOException e) {
            LOG.info("full: {}", e.toString());
        }
        return filler;
    }

    @Test
    @Order(10)
    void aKilledVllmEndsStreamsWithAnErrorAndIsStartedAgainWithItsAdapters() throws Exception {
        List<String> lines =
                vllm.stream(
                        STREAM.formatted(1000),
                        count -> {
                            if (count == 6) {
                                ProcessHandle server = VllmFleet.process().orElseThrow();
                                server.descendants().forEach(ProcessHandle::destroyForcibly);
                                server.destroyForcibly();
                            }
                        });
        assertThat(lines).contains("event: error").doesNotContain("data: [DONE]");
        long end = System.nanoTime() + VllmFleet.START.toNanos();
        while (!isReady()) {
            assertThat(System.nanoTime()).as("vLLM is back").isLessThan(end);
            Thread.sleep(500);
        }
        assertThat(VllmFleet.loaded()).contains(vllm.nameAtVllm("sql"));
        assertThat(ask("sql", messages("users"), 4)).isNotEmpty();
    }

    private static boolean isReady() throws Exception {
        String path = "/actuator/health/readiness";
        return Http.get(vllm.fleet.gateway().resolve(path)).statusCode() == 200
                && Http.get(vllm.fleet.worker().resolve(path)).statusCode() == 200;
    }
}
