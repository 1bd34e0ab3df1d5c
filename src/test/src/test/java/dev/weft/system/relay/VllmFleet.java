package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import java.io.BufferedReader;
import java.io.IOException;
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
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/** A fleet whose worker starts a real vLLM, and that vLLM itself, which a test may ask, too. */
final class VllmFleet implements AutoCloseable {
    /** Models, adapters and reference answers, if they lie beside the checkout. */
    static final Path SHARED = Path.of("..", "..", "..", "shared").toAbsolutePath().normalize();

    static final String KEY = "a-key-of-the-test";

    /** The folder of vLLM's program. */
    static final String PROGRAM = "weft.vllm";

    /** A busy machine of two cores needs minutes for a start of vLLM. */
    static final Duration START = Duration.ofMinutes(8);

    private static final Duration ANSWER = Duration.ofMinutes(5);

    final RunningFleet fleet;

    private VllmFleet(RunningFleet fleet) {
        this.fleet = fleet;
    }

    /**
     * Starts one.
     *
     * @param deployment the part of the file that says base and adapters
     * @param options of {@code vllm serve}
     * @param settings each as {@code KEY=VALUE}
     */
    static VllmFleet start(Path folder, String deployment, List<String> options, String... settings)
            throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("weft.yaml"),
                        deployment
                                + """
                                weft:
                                  engine: vllm
                                  relay:
                                    command: [env, VLLM_CPU_KVCACHE_SPACE=1, HF_HUB_OFFLINE=1, %s, serve, --dtype, bfloat16, %s]
                                    api-key: %s
                                    start-timeout: %ds
                                  inference: {adapter-timeout: 4m}
                                  gateway: {request-timeout: 5m}
                                """
                                        .formatted(
                                                System.getProperty(PROGRAM),
                                                String.join(", ", options),
                                                KEY,
                                                START.toSeconds()));
        return new VllmFleet(RunningFleet.start(file, folder.resolve("data"), settings));
    }

    static boolean modelsAreThere() {
        return Files.isDirectory(SHARED.resolve("models"));
    }

    /** Unpacks the real small model. */
    static Path unpack(Path folder) throws Exception {
        Path target = folder.resolve("SmolLM2-135M-Instruct").toAbsolutePath();
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        Path models = SHARED.resolve("models");
        run(
                folder.resolve("unpack.log"),
                java.toString(),
                models + "/Unpack.java",
                target.toString());
        return target;
    }

    /** Runs a program to its end, which has to be a good one. */
    static void run(Path log, String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .directory(SHARED.resolve("models").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    }

    /** The server's process, if it runs. */
    static Optional<ProcessHandle> process() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> arguments(process).contains("--enable-lora"))
                .findFirst();
    }

    private static List<String> arguments(ProcessHandle process) {
        return List.of(process.info().arguments().orElse(new String[0]));
    }

    /** vLLM's own address. */
    static URI direct() {
        List<String> arguments = arguments(process().orElseThrow());
        return URI.create("http://127.0.0.1:" + arguments.get(arguments.indexOf("--port") + 1));
    }

    private static HttpRequest.Builder request(URI server, String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + KEY)
                .timeout(ANSWER);
    }

    /** An answer of vLLM's own. */
    static HttpResponse<String> direct(String path) throws Exception {
        return send(request(direct(), path));
    }

    static HttpResponse<String> direct(String path, String body) throws Exception {
        return send(request(direct(), path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** An answer through Weft. */
    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(fleet.gateway(), path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /**
     * The lines of a streamed chat through Weft.
     *
     * @param each hears how many lines have come
     */
    List<String> stream(String body, IntConsumer each) throws Exception {
        List<String> lines = new ArrayList<>();
        HttpRequest request =
                request(fleet.gateway(), "/v1/chat/completions")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                    each.accept(lines.size());
                }
            }
        }
        return lines;
    }

    /** vLLM's name of the newest version of an adapter. */
    String nameAtVllm(String adapter) throws Exception {
        JsonNode newest = fleet.admin().show(adapter).path("versions").path(0);
        return new RelayName(AdapterDigest.parse(newest.path("digest").asString(""))).toString();
    }

    /** Weft's adapters that vLLM has loaded. */
    static List<String> loaded() throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode card : Http.json(direct("/v1/models")).path("data")) {
            String id = card.path("id").asString("");
            if (id.startsWith(RelayName.PREFIX)) {
                names.add(id);
            }
        }
        return names;
    }

    /**
     * Asserts that an answer through Weft differs from vLLM's own in the model's name alone. vLLM's
     * sums differ with what its caches hold, so that near ties may fall otherwise: one of three
     * pairs is enough.
     *
     * @param body with {@code %s} for the model
     */
    void assertSame(String body, String adapter) throws Exception {
        String own = nameAtVllm(adapter);
        String relayed = "";
        String direct = "";
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = post("/v1/chat/completions", body.formatted(adapter));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            relayed = plain(answer.body(), adapter);
            direct = plain(direct("/v1/chat/completions", body.formatted(own)).body(), own);
            if (relayed.equals(direct)) {
                return;
            }
        }
        assertThat(relayed).isEqualTo(direct);
    }

    /** An answer without what is new each time. */
    private static String plain(String json, String model) {
        return json.replace("\"model\":\"" + model + "\"", "\"model\":\"\"")
                .replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"\"")
                .replaceAll("\"created\":\\d+", "\"created\":0")
                .replaceAll("\"cached_tokens\":\\d+", "\"cached_tokens\":0");
    }

    /** vLLM's number of running requests. */
    static double running() throws IOException, InterruptedException {
        return Http.get(direct().resolve("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("vllm:num_requests_running{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Override
    public void close() {
        fleet.close();
        assertThat(process()).isEmpty();
    }
}
