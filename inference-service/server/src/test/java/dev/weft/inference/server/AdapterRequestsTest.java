package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.metrics.WorkerScrape;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for adapters, against a small catalog on loopback. */
class AdapterRequestsTest {
    private static final String CHAT = "/v1/chat/completions";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path data;
    private AdapterDigest sql;
    private AdapterCatalog catalog;
    private TestWorker worker;

    @BeforeEach
    void start() throws IOException {
        catalog = new AdapterCatalog();
        sql = publish("sql", Map.of());
        worker =
                TestWorker.start(
                        data,
                        _ -> {
                            List<Integer> tokens = TestWorker.bytes("hello");
                            tokens.add(TestTokenizers.IM_END);
                            return tokens;
                        },
                        catalog.address(),
                        TestArtifacts.READER);
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        worker.close();
        catalog.close();
    }

    @Test
    void usesTheAdapterThatTheGatewayNames() throws Exception {

        assertThat(chat("any-name", sql).body())
                .contains("\"model\":\"any-name\"", "\"content\":\"hello\"");
        assertThat(worker.engine.requests.getLast().adapter()).isEqualTo(sql);
        assertThat(worker.engine.slotLog).containsExactly("load " + sql.abbreviated());
    }

    @Test
    void looksNamesUpItselfWithoutAGateway() throws Exception {
        eventually(() -> ask("sql", null).statusCode() == 200);

        assertThat(worker.engine.requests.getLast().adapter()).isEqualTo(sql);
        assertThat(chat("nobody", null).statusCode()).isEqualTo(404);
        assertThat(chat("nobody", null).body()).contains("model_not_found");
        assertThat(get("/v1/models").body())
                .contains("\"id\":\"sql\"", "\"parent\":\"test-base\"", "\"root\":\"HF:weft/sql\"");
        assertThat(get("/v1/models/sql").statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/nobody").statusCode()).isEqualTo(404);
        assertThat(get("/v1/models/sql@2").statusCode()).isEqualTo(404);
        for (String pinned : List.of("sql@1", sql.toString())) {
            HttpResponse<String> one = get("/v1/models/" + pinned);
            assertThat(one.statusCode()).as(one.body()).isEqualTo(200);
            assertThat(one.body()).contains("\"id\":\"" + pinned + "\"");
        }
    }

    @Test
    void tellsSchedulersWhichAdaptersItHasAndWhichAreWaitedFor() throws Exception {
        String info = "vllm:lora_requests_info";
        String slots = info + "{max_lora=\"2\",running_lora_adapters=\"";
        String waiting = "\",waiting_lora_adapters=\"";
        assertThat(scrape().series(info)).containsExactly(slots + waiting + "\"}");
        eventually(() -> ask("sql", null).statusCode() == 200);

        WorkerScrape loaded = scrape();
        assertThat(loaded.series(info)).containsExactly(slots + "sql" + waiting + "\"}");
        assertThat(loaded.value(slots + "sql" + waiting + "\"}"))
                .isEqualTo((double) TestWorker.NOW.getEpochSecond());
        assertThat(loaded.value("weft_adapter_bytes{tier=\"slot\",weft_adapter=\"sql\"}"))
                .isEqualTo(10);
        assertThat(loaded.value("weft_adapter_bytes{tier=\"disk\",weft_adapter=\"sql\"}"))
                .isEqualTo(loaded.value("weft_adapter_memory_bytes{tier=\"disk\"}"))
                .isPositive();
        assertThat(loaded.value("weft_adapter_queue_seconds_count{weft_adapter=\"sql\"}"))
                .isEqualTo(1);
        for (String stage : List.of("fetch", "verify", "read", "load", "all")) {
            assertThat(loaded.value("weft_adapter_load_seconds_count{stage=\"" + stage + "\"}"))
                    .as(stage)
                    .isEqualTo(1);
        }
        assertThat(loaded.value("weft_adapter_loads_total{outcome=\"ok\"}")).isEqualTo(1);

        worker.engine.hold();
        Thread asks = Thread.ofVirtual().start(() -> ask("sql", null));
        eventually(() -> worker.engine.rows() == 1);
        assertThat(scrape().series(info)).containsExactly(slots + "sql" + waiting + "sql\"}");
        worker.engine.release();
        asks.join();
        assertThat(scrape().series(info)).containsExactly(slots + "sql" + waiting + "\"}");
    }

    private WorkerScrape scrape() throws IOException, InterruptedException {
        return WorkerScrape.of(worker.service.address(), "/metrics");
    }

    @Test
    void rendersWithTheAdaptersOwnTemplateAndEndsWithItsOwnEndToken() throws Exception {
        AdapterDigest own =
                publish(
                        "own",
                        Map.of(
                                "chat_template.jinja",
                                "{{ messages[0].content }}!{{ eos_token }}",
                                "tokenizer_config.json",
                                "{\"eos_token\":\"<|im_start|>\"}"));

        assertThat(chat("own", own).statusCode()).isEqualTo(200);

        assertThat(worker.engine.requests.getLast().prompt())
                .containsExactly(104, 105, 33, TestTokenizers.IM_START);
        assertThat(worker.engine.requests.getLast().ending().stopTokens())
                .containsExactlyInAnyOrder(266, 267, 268);
        assertThat(chat("test-base", null).statusCode()).isEqualTo(200);
        assertThat(worker.engine.requests.getLast().ending().stopTokens())
                .containsExactlyInAnyOrder(266, 268);
    }

    @Test
    void writesEarlierCallsAsTheAdaptersOwnTemplateTakesThem() throws Exception {
        String template =
                "{% for m in messages %}{% if m.content is none %}"
                        + "{{ '!' + m.tool_calls[0].function.arguments }}"
                        + "{% else %}{{ m.content }}{% endif %}{% endfor %}";
        AdapterDigest own = publish("own", Map.of("chat_template.jinja", template));
        String body =
                """
                {"model":"own","messages":[{"role":"user","content":"a"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
                 "function":{"name":"f","arguments":"{\\"x\\":1}"}}]},
                 {"role":"tool","tool_call_id":"c1","content":"b"}]}
                """;
        HttpRequest request =
                HttpRequest.newBuilder(request("own", own, ""), (_, _) -> true)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();

        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(worker.engine.requests.getLast().prompt())
                .isEqualTo(TestWorker.bytes("a!{\"x\":1}b"));
    }

    @Test
    void saysThatAnAdapterCanNotBeHadAndServesItOnceItCan() throws Exception {
        AdapterDigest digest = TestArtifacts.digest(AdapterCatalog.plain("late"));

        HttpResponse<String> failed = chat("late", digest);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body()).contains("adapter_unavailable", digest.toString());
        assertThat(failed.headers().firstValue("Retry-After")).isPresent();

        publish("late", Map.of());
        assertThat(chat("late", digest).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesATemplateThatCanNotBeRead() throws Exception {
        AdapterDigest broken = publish("broken", Map.of("chat_template.jinja", "{% for %}"));

        HttpResponse<String> response = chat("broken", broken);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("chat template, line 1");
    }

    @Test
    void endsStreamsWithAnErrorWhereTheWorkerEnds() throws Exception {
        worker.engine.hold();
        var answer =
                http.sendAsync(
                        request("sql", sql, ",\"stream\":true"),
                        HttpResponse.BodyHandlers.ofInputStream());
        eventually(() -> worker.engine.rows() == 1);
        worker.engine.stepOnce();
        // the head comes with the first event
        try (InputStream stream = answer.get(60, TimeUnit.SECONDS).body()) {
            long begin = System.nanoTime();
            worker.close();

            // what waits for a stream that does not end gives up after 30 s
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(15));
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"content\":\"h\"", "event: error", "the engine is closed")
                    .doesNotContain("[DONE]")
                    .doesNotContain("\"finish_reason\":\"stop\"");
        }
    }

    private AdapterDigest publish(String name, Map<String, String> more) {
        return catalog.publish(name, AdapterCatalog.plain(name), more);
    }

    private HttpResponse<String> chat(String model, @Nullable AdapterDigest adapter)
            throws IOException, InterruptedException {
        return http.send(request(model, adapter, ""), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> ask(String model, @Nullable AdapterDigest adapter) {
        try {
            return chat(model, adapter);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(worker.service.address().resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String model, @Nullable AdapterDigest adapter, String more) {
        String body =
                "{\"model\":\""
                        + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                        + more
                        + "}";
        HttpRequest.Builder request =
                HttpRequest.newBuilder(worker.service.address().resolve(CHAT))
                        .timeout(Duration.ofMinutes(1))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return (adapter == null ? request : request.header("weft-adapter", adapter.toString()))
                .build();
    }

    private static void eventually(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for a condition").isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
