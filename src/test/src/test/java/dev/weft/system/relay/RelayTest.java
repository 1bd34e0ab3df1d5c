package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerStateCodec;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A worker before a stub of vLLM that breaks in vLLM's ways. */
class RelayTest {
    private static final Set<String> FRENCH_OUTPUT =
            Set.of("gen_ai_token_type=\"output\"", "weft_adapter=\"french\"");

    @TempDir private static Path shared;
    @AutoClose private static RelayFleet<VllmStub> relay;

    @BeforeAll
    static void start() throws Exception {
        relay = RelayFleet.start(shared, VllmStub.Errors.PYTHON, 2, 3);
    }

    @AfterEach
    void behave() throws Exception {
        relay.stub.behave();
        relay.awaitReady();
    }

    @Test
    void aNullInPlaceOfTheSaltDoesNotMixTenants() throws Exception {
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(relay.fleet.worker().resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .header("weft-tenant", "acme")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"%s\",\"cache_salt\":null,\"prompt\":\"a\"}"
                                                .formatted(Sample.BASE)));
        HttpResponse<String> _ = Http.send(asked);
        assertThat(new String(relay.stub.received(), StandardCharsets.UTF_8))
                .containsPattern("\"cache_salt\":\"[^\"]{20,}\"")
                .doesNotContain("null");
    }

    @Test
    void aServerThatForgetsIsToldAgainBeforeItsClientsNotice() throws Exception {
        String before = relay.stream("sql", 8).body();
        relay.stub.adapters().forget();
        HttpResponse<String> after = relay.stream("sql", 8);
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(contents(after.body())).isEqualTo(contents(before));
    }

    @Test
    void aServerThatDiesEndsStreamsWithAnErrorAndComesBackWithItsAdapters() throws Exception {
        String whole = relay.stream("sql", 8).body();
        String french = relay.stream("french", 1).body();
        assertThat(whole + french).doesNotContain("error");
        Set<String> held = relay.stub.adapters().registered().keySet();
        assertThat(held).contains(name("sql"), name("french"));
        double answered = sum(relay.fleet.worker(), "vllm:request_success_total{", Set.of());
        relay.stub.dieAfter(3);
        String broken = relay.stream("sql", 8).body();
        assertThat(broken)
                .contains("event: error")
                .doesNotContain("[DONE]", "\"finish_reason\":\"");
        relay.comeBack();
        assertThat(sum(relay.fleet.worker(), "vllm:request_success_total{", Set.of()))
                .isGreaterThan(0)
                .isEqualTo(answered);
        assertThat(relay.stub.adapters().registered()).containsOnlyKeys(held);
        assertThat(contents(relay.stream("sql", 8).body())).isEqualTo(contents(whole));
    }

    @Test
    void aPinnedAdapterStaysAndComesBackWithTheServer() throws Exception {
        URI orders = relay.fleet.admin().catalog().resolve("/admin/v1/orders");
        Http.await("the worker has reported", () -> get("workers").size() == 1);
        HttpResponse<String> ordered =
                Http.post(
                        orders,
                        """
                        {"kind":"pin","adapter":"french","version":1,"workers":["*"]}\
                        """);
        assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(202);
        String order = Http.json(ordered).get(0).get("id").asString();
        try {
            Http.await("it is pinned", () -> isPinned("french"));
            for (int i = 0; i < 3; i++) {
                for (String other : new String[] {"sql", "json"}) {
                    assertThat(relay.stream(other, 1).body()).contains("[DONE]");
                    assertThat(relay.stub.adapters().registered()).containsKey(name("french"));
                }
            }
            relay.stub.die();
            relay.comeBack();
            assertThat(relay.stub.adapters().registered()).containsKey(name("french"));
            Http.await("it is pinned again", () -> isPinned("french"));
        } finally {
            Http.send(HttpRequest.newBuilder(URI.create(orders + "/" + order)).DELETE());
        }
    }

    private static JsonNode get(String path) throws Exception {
        return Http.json(Http.get(relay.fleet.admin().catalog().resolve("/admin/v1/" + path)));
    }

    private static boolean isPinned(String adapter) throws Exception {
        for (JsonNode item : get("residency?adapter=" + adapter)) {
            JsonNode held = item.get("held");
            if (held.get("tier").asString().equals("slot") && held.get("pinned").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aConnectionThatIsLostBeforeTheAnswerIsTriedOnceMoreWithTheAdapter() throws Exception {
        String before = contents(relay.stream("sql", 8).body());
        double retried = retries();
        relay.stub.loseNext();
        HttpResponse<String> after = relay.stream("sql", 8);
        assertThat(after.statusCode()).as(after.body()).isEqualTo(200);
        assertThat(contents(after.body())).isEqualTo(before);
        assertThat(retries()).as("the gateway's").isEqualTo(retried);
    }

    /** Requests that the gateway has sent to a second worker. */
    private static double retries() throws Exception {
        return sum("weft_gateway_retries_total", Set.of());
    }

    /** The gateway's metrics of a name with these labels. */
    private static double sum(String name, Set<String> labels) throws Exception {
        return sum(relay.gateway(), name, labels);
    }

    private static double sum(URI service, String name, Set<String> labels) throws Exception {
        return Http.get(service.resolve("/actuator/prometheus"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name) && labels.stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** The server lists it under its name as if all was well. */
    @Test
    void aServerThatComesBackAndDoesNotApplyItsAdaptersAnswersForNone() throws Exception {
        relay.stream("sql", 2);
        relay.stub.die();
        relay.stub.ignoreLoads();
        relay.comeBack();
        Http.await(
                "it is refused",
                () ->
                        relay.stream("sql", 2)
                                .body()
                                .contains("accepts the adapter and does not apply"));
        assertThat(relay.stream(Sample.BASE, 2).body()).contains("[DONE]");
        relay.stub.die();
        relay.stub.behave();
        relay.comeBack();
        Http.await("it is served again", () -> relay.stream("sql", 2).body().contains("[DONE]"));
    }

    @Test
    void anErrorWithinAStreamIsNoEnd() throws Exception {
        relay.stub.failAfter(3);
        String broken = relay.stream("sql", 8).body();
        assertThat(broken).contains("EngineCore encountered an issue");
        assertThat(broken).doesNotContain("\"finish_reason\":\"", "[DONE]");
    }

    @Test
    void aClientThatLeavesEndsItsRequestAtTheServer() throws Exception {
        int aborted = relay.stub.aborted();
        try (HttpClient leaving = HttpClient.newHttpClient()) {
            assertThat(open(leaving, relay, "sql", 400).read()).isEqualTo('d');
            leaving.shutdownNow();
        }
        Http.await("the request is aborted", () -> relay.stub.aborted() > aborted);
    }

    private static InputStream open(
            HttpClient client, RelayFleet<VllmStub> fleet, String model, int tokens)
            throws Exception {
        return client.send(
                        HttpRequest.newBuilder(fleet.chat())
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                RelayFleet.streamed(model, tokens)))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream())
                .body();
    }

    @Test
    void anAdapterThatIsAcceptedAndNotAppliedIsRefused() throws Exception {
        relay.stream("sql", 1);
        // as a server does that passes over modules it does not support
        relay.stub.ignoreLoads();
        HttpResponse<String> answer = relay.stream("json", 2);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("accepts the adapter and does not apply it");
        assertThat(relay.stub.adapters().registered().keySet())
                .contains(name("sql"))
                .doesNotContain(name("json"));
    }

    /** Whoever sends such requests must not keep the worker from others'. */
    @Test
    void aRequestAtWhichTheServerFailsIsItsOwnFault() throws Exception {
        String fails =
                RelayFleet.streamed("sql", 2).replaceFirst("\\{", "{\"stop\": \"\\\\ud800\", ");
        for (int i = 0; i < 8; i++) {
            HttpResponse<String> answer = Http.post(relay.chat(), fails);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            assertThat(answer.body()).contains("request_failed", "surrogates not allowed");
            assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
        }
        assertThat(relay.stream("sql", 2).statusCode()).isEqualTo(200);
    }

    @Test
    void aServerThatComesBackWithAnotherBaseIsNotUsed() throws Exception {
        relay.stream("sql", 1);
        relay.stub.serves("other");
        Http.await(
                "the worker is not ready",
                () ->
                        Http.get(relay.fleet.worker().resolve("/actuator/health/readiness"))
                                        .statusCode()
                                == 503);
        relay.stub.serves(VllmStub.BASE);
        relay.awaitReady();
        assertThat(relay.stream("sql", 2).statusCode()).isEqualTo(200);
    }

    /** What the server knows an adapter by. */
    private static String name(String adapter) throws Exception {
        String digest =
                relay.fleet
                        .admin()
                        .show(adapter)
                        .path("versions")
                        .path(0)
                        .path("digest")
                        .asString();
        return digest.replace("sha256:", "weft1-");
    }

    @Test
    void aSecondWorkerOnTheSameServerIsRefused(@TempDir Path folder) throws Exception {
        relay.stream("sql", 1);
        assertThatThrownBy(() -> RelayFleet.fleet(folder, relay.stub, 2, 3))
                .hasMessageContaining("another worker uses the server");
        assertThat(relay.stream("sql", 2).statusCode()).isEqualTo(200);
    }

    @Test
    void aFolderThatCantBeWrittenFailsTheRequestAndLeavesNothing(@TempDir Path folder)
            throws Exception {
        try (RelayFleet<VllmStub> own = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 2, 3)) {
            Path loaded = folder.resolve("fleet/worker/relay");
            Files.delete(loaded.resolve(".weft-worker"));
            Files.delete(loaded);
            Files.writeString(loaded, "no folder");
            HttpResponse<String> answer = own.stream("sql", 2);
            assertThat(answer.statusCode()).isEqualTo(503);
            Files.delete(loaded);
            Files.createDirectory(loaded);
            assertThat(own.stream("sql", 2).statusCode()).isEqualTo(200);
            try (Stream<Path> files = Files.list(loaded)) {
                assertThat(files.toList()).hasSize(1);
            }
        }
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForLonger(@TempDir Path folder) throws Exception {
        try (RelayFleet<VllmStub> own =
                RelayFleet.start(
                        folder, VllmStub.Errors.PYTHON, 2, 3, "weft.relay.silence-timeout=5s")) {
            // the first answer loads classes and the adapter, which may take longer than that
            Http.await("it answers", () -> own.stream("sql", 8).body().contains("[DONE]"));
            String whole = contents(own.stream("sql", 8).body());
            own.stub.fallSilentAfter(3);
            String broken = own.stream("sql", 8).body();
            assertThat(broken)
                    .contains("event: error", "has sent nothing for 5 s")
                    .doesNotContain("[DONE]", "\"finish_reason\":\"");
            own.stub.fallSilentAfter(0);
            HttpResponse<String> unanswered = own.stream("sql", 8);
            assertThat(unanswered.statusCode()).as(unanswered.body()).isEqualTo(504);
            assertThat(unanswered.body()).contains("has sent nothing for 5 s");
            own.stub.behave();
            assertThat(contents(own.stream("sql", 8).body())).isEqualTo(whole);
        }
    }

    /** Its health and its list of models are answered all the time. */
    @Test
    void aWorkerWhoseServersEngineHangsIsNotReady(@TempDir Path folder) throws Exception {
        try (RelayFleet<VllmStub> hanging =
                RelayFleet.start(
                        folder, VllmStub.Errors.PYTHON, 2, 3, "weft.relay.silence-timeout=6s")) {
            // the first answer loads classes, which may take longer than that
            Http.await(
                    "it answers", () -> hanging.stream(Sample.BASE, 4).body().contains("[DONE]"));
            hanging.stub.fallSilentAfter(2);
            try (HttpClient client = HttpClient.newHttpClient()) {
                InputStream stream = open(client, hanging, Sample.BASE, 64);
                assertThat(stream.read()).isEqualTo('d');
                hanging.stub.fallSilentAfter(0);
                assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("has sent nothing for 6 s")
                        .doesNotContain("[DONE]", "\"finish_reason\":\"");
            }
            Http.await(
                    "the worker is not ready",
                    () ->
                            Http.get(hanging.fleet.worker().resolve("/actuator/health/readiness"))
                                            .statusCode()
                                    == 503);
            hanging.stub.behave();
            hanging.awaitReady();
            assertThat(hanging.stream(Sample.BASE, 4).body()).contains("[DONE]");
        }
    }

    @Test
    void unservedFieldsAreRefusedByNameAndTheBaseAnswers() throws Exception {
        HttpResponse<String> refused =
                Http.post(
                        relay.chat(),
                        """
                        {"model":"sql","lora_request":{"lora_path":"/etc"},"messages":[]}\
                        """);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("lora_request");
        assertThat(relay.stream(Sample.BASE, 2).body())
                .contains("\"model\":\"weft-tiny\"", "[DONE]");
    }

    @Test
    void theWorkerTellsGatewaysHowBusyItsServerIs() throws Exception {
        WorkerLoad.Holders one = new WorkerLoad.Holders(1, Map.of("default", 1));
        AtomicBoolean seen = new AtomicBoolean();
        // one stream may end between two looks at the server's metrics
        CompletableFuture<Void> streams =
                CompletableFuture.runAsync(() -> {
                    while (!seen.get()) {
                        try {
                            assertThat(relay.stream("sql", 400).body()).contains("[DONE]");
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    }
                });
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines =
                        client.send(
                                        HttpRequest.newBuilder(
                                                        relay.fleet
                                                                .worker()
                                                                .resolve(WorkerStateCodec.PATH))
                                                .timeout(Duration.ofMinutes(1))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofLines())
                                .body()) {
            assertThat(
                            lines.filter(line -> line.startsWith("data:"))
                                    .map(line -> line.substring(5).getBytes(StandardCharsets.UTF_8))
                                    .map(data -> WorkerStateCodec.decode(data, data.length).load())
                                    .limit(120)
                                    .filter(load -> load.stepSeconds() > 0 && load.kvUsage() > 0)
                                    .anyMatch(load -> load.holders().equals(one)))
                    .isTrue();
            client.shutdownNow();
        } finally {
            seen.set(true);
        }
        streams.get(2, TimeUnit.MINUTES);
    }

    @Test
    void theGatewayCountsWhatTheServerTells() throws Exception {
        double before = sum("gen_ai_client_token_usage_sum{", FRENCH_OUTPUT);
        relay.stream("french", 7);
        Http.await(
                "they are counted",
                () -> sum("gen_ai_client_token_usage_sum{", FRENCH_OUTPUT) == before + 7);
    }

    @ParameterizedTest
    @EnumSource(VllmStub.Errors.class)
    void errorsOfEachFrontEndAreUnderstood(VllmStub.Errors errors, @TempDir Path folder)
            throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), other);
        try (RelayFleet<VllmStub> own = RelayFleet.start(link, errors, 1, 1)) {
            own.stub.allow(other.resolve("fleet/worker/relay").toRealPath());
            for (String model : new String[] {"sql", "json", "sql", "french"}) {
                assertThat(own.stream(model, 3).statusCode()).as(model).isEqualTo(200);
                assertThat(own.stub.adapters().registered()).hasSizeLessThanOrEqualTo(1);
            }
            own.stub.adapters().forget();
            assertThat(own.stream("french", 3).statusCode()).isEqualTo(200);
        }
    }

    static String contents(String events) {
        return events.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> Http.JSON.readTree(line.substring(6)))
                .map(chunk ->
                        chunk.path("choices").path(0).path("delta").path("content").asString(""))
                .reduce("", String::concat);
    }
}
