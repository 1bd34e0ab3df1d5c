package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.system.fleet.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs what {@code gpu-check.sh} asks a gateway with, on a gateway of canned answers. */
@Timeout(600)
class GpuCheckClientTest {
    private static final Path CLIENT =
            Path.of("..", "..", "deploy", "container", "tensorrt-llm", "gpu-check", "client.py")
                    .toAbsolutePath()
                    .normalize();

    @TempDir private Path folder;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private volatile boolean holdsOn;
    private HttpServer server;
    private Program python;

    @BeforeEach
    void start() throws IOException {
        python = Program.named("python3");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/v1/completions", this::complete);
        server.createContext(
                "/metrics",
                exchange ->
                        send(
                                exchange,
                                200,
                                "nv_trt_llm_request_metrics{request_type=\"active\"} "
                                        + streams.get()
                                        + "\n"));
        server.start();
        answers.putAll(Map.of("base", " Paris, of course", "one", " Rome, I say"));
        Files.writeString(
                folder.resolve("reference.json"),
                """
                {"answers": {
                  "base": [{"prompt": [5, 9], "sure": " Paris", "sure_tokens": 40}],
                  "one": [{"prompt": [5, 9], "sure": " Rome", "sure_tokens": 40}],
                  "vague": [{"prompt": [5, 9], "sure": " Bonn", "sure_tokens": 3}]}}
                """);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void answersAreComparedWhereTheReferenceIsSure() throws Exception {
        Program.Finished ended = client("answers", reference(), out(), "base", "one");

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("2 answers of 80 different tokens, 0 wrong");
        JsonNode first = JsonMapper.shared().readTree(Files.readString(Path.of(out()))).get(0);
        assertThat(first.path("text").asString()).isEqualTo(" Paris, of course");
        assertThat(first.path("fault").isNull()).isTrue();
    }

    @Test
    void anAdapterThatAnswersAsTheBaseIsAFault() throws Exception {
        answers.put("one", " Paris, of course");

        Program.Finished ended = client("answers", reference(), out(), "base", "one");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output())
                .contains("one: differs where the reference is sure: ' Paris, of course'");
    }

    @Test
    void anAdapterThatIsNotThereIsAFault() throws Exception {
        answers.remove("one");

        assertThat(client("rotation", reference(), out(), "base", "one").output())
                .contains("one: 404");
        assertThat(client("gone", "one").exit()).isZero();
        assertThat(client("gone", "one").output()).isEqualTo("one is gone\n");
    }

    /** Answers that may all be near ties prove nothing. */
    @Test
    void aReferenceThatIsSureOfNothingIsAFault() throws Exception {
        answers.put("vague", " Bonn");

        Program.Finished ended = client("answers", reference(), out(), "vague");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output()).contains("vague: 3 sure tokens in all, at least 40 are needed");
    }

    @Test
    void rotatesThroughAllModelsAtOnce() throws Exception {
        Program.Finished ended = client("rotation", reference(), out(), "base", "one");

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).startsWith("6 answers of 80 different tokens, 0 wrong");
    }

    @Test
    void clientsThatLeaveFreeTensorRtLlm() throws Exception {
        Program.Finished ended = client("cancels", address() + "/metrics", out(), "one");

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("64 streams left, 0 of 64 requests still active");
    }

    @Test
    void requestsThatGoOnWithoutAClientAreAFault() throws Exception {
        holdsOn = true;

        Program.Finished ended = client("cancels", address() + "/metrics", out(), "one");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output()).contains("64 of 64 requests still active after 10");
    }

    @Test
    void savesAPage() throws Exception {
        assertThat(client("save", address() + "/metrics", out()).exit()).isZero();
        assertThat(Path.of(out())).content().contains("nv_trt_llm_request_metrics");
    }

    private void complete(HttpExchange exchange) throws IOException {
        JsonNode body = JsonMapper.shared().readTree(exchange.getRequestBody());
        String answer = answers.get(body.path("model").asString());
        if (answer == null) {
            send(exchange, 404, "{\"error\": {\"message\": \"no such model\"}}");
        } else if (body.path("stream").asBoolean(false)) {
            stream(exchange);
        } else {
            send(
                    exchange,
                    200,
                    JsonMapper.shared()
                            .writeValueAsString(
                                    Map.of("choices", List.of(Map.of("text", answer)))));
        }
    }

    /** Goes on until the client has left. */
    private void stream(HttpExchange exchange) throws IOException {
        streams.incrementAndGet();
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
                out.write("data: {}\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(5);
            }
        } catch (IOException e) {
            if (!holdsOn) {
                streams.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String reference() {
        return folder.resolve("reference.json").toString();
    }

    private String out() {
        return folder.resolve("out").toString();
    }

    private Program.Finished client(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-B", CLIENT.toString(), address()));
        all.addAll(List.of(arguments));
        return Program.finish(python.with(all), 180);
    }
}
