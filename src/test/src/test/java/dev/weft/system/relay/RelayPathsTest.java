package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.protocol.sse.EventConnection;
import dev.weft.protocol.worker.WorkerStateCodec;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Paths that make no text: a server beside the worker may have them, the embedded engine not. */
@ExtendWith(SampleFleet.class)
class RelayPathsTest {
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String MANY_PARTS =
            """
            {"model":"%s", "messages":[ {"role":"user","content":[{"type":"text","text":"what is it?"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}}]},
            {"role":"assistant","reasoning_content":"h\u00e4\\u00e4","tool_calls":[{"id":"1","type":"function",
            "function":{"name":"look","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"a boat"}],
            "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],
            "tool_choice":"auto","chat_template_kwargs":{"enable_thinking":false},"temperature":0.0}\
            """;

    @TempDir private Path folder;

    private static HttpResponse<String> post(URI gateway, String path, String model)
            throws Exception {
        return Http.post(
                gateway.resolve(path), "{\"model\":\"" + model + "\",\"input\":\"a text\"}");
    }

    @Test
    void embeddingsAreTheServersUnderTheClientsName() throws Exception {
        try (RelayFleet<VllmStub> relay = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 1, 2)) {
            HttpResponse<String> answer = post(relay.gateway(), "/v1/embeddings", "sql");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode body = Http.json(answer);
            assertThat(body.path("model").asString()).isEqualTo("sql");
            JsonNode first = body.path("data").path(0).path("embedding").path(0);
            assertThat(first.asInt()).isNotZero();
            JsonNode ofBase = Http.json(post(relay.gateway(), "/v1/embeddings", Sample.BASE));
            assertThat(ofBase.path("data").path(0).path("embedding").path(0).asInt()).isZero();
            for (String path : new String[] {"/v1/rerank", "/v1/score"}) {
                JsonNode ranked = Http.json(post(relay.gateway(), path, "sql"));
                assertThat(ranked.path("model").asString()).isEqualTo("sql");
                assertThat(ranked.path("results").path(0).path("relevance_score").asInt())
                        .isNotZero();
            }
            HttpResponse<String> none = post(relay.gateway(), "/v1/responses", "sql");
            assertThat(none.statusCode()).isEqualTo(404);
            assertThat(none.body()).contains("does not serve /v1/responses");
            assertThat(toldPaths(relay.fleet.worker()))
                    .contains("/v1/embeddings", "/v1/chat/completions")
                    .doesNotContain("/v1/responses", "/v1/models");
            // vLLM has it at another path
            assertThat(post(relay.gateway(), "/v1/classify", "sql").statusCode()).isEqualTo(404);
        }
    }

    /** What the worker tells gateways of the server. */
    private static Set<String> toldPaths(URI worker) throws Exception {
        Set<String> paths = new HashSet<>();
        try (HttpClient http = HttpClient.newHttpClient();
                EventConnection states =
                        EventConnection.open(
                                http,
                                worker.resolve(WorkerStateCodec.PATH),
                                Map.of(),
                                Duration.ofMinutes(1))) {
            states.next((_, bytes, length) ->
                    paths.addAll(WorkerStateCodec.decode(bytes, length).paths()));
        }
        return paths;
    }

    /** What a server makes of tools, images and reasoning is its own. */
    @Test
    void requestsReachTheServerAsTheyAreButForTheModel() throws Exception {
        try (RelayFleet<VllmStub> relay = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 1, 2)) {
            Http.post(relay.gateway().resolve("/v1/chat/completions"), MANY_PARTS.formatted("sql"));
            String received = new String(relay.stub.received(), StandardCharsets.UTF_8);
            String name = relay.stub.adapters().registered().keySet().iterator().next();
            assertThat(received.replaceFirst("\"cache_salt\":\"[^\"]+\",", ""))
                    .isEqualTo(MANY_PARTS.formatted(name));
        }
    }

    /** Older versions of servers pass over patterns, and Weft's own engine reads them. */
    @Test
    void anAdapterWithPatternsAnswersAsOnTheEmbeddedEngine() throws Exception {
        Path variant = Files.createDirectories(folder.resolve("patterns"));
        Path sql = Sample.adapter("sql");
        Files.copy(sql.resolve(TENSORS), variant.resolve(TENSORS));
        ObjectNode config = (ObjectNode) Http.JSON.readTree(Files.readString(sql.resolve(CONFIG)));
        ObjectNode alphas = config.putObject("alpha_pattern");
        LinearModule.SEPARATE.forEach(module -> alphas.put(module.shortName(), 1));
        Files.writeString(variant.resolve(CONFIG), config.toString());
        RepositoryRef source = new RepositoryRef(RepositorySource.FILE, variant.toString(), null);
        try (RelayFleet<VllmStub> relay = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 1, 2);
                RunningFleet embedded =
                        RunningFleet.start(
                                Sample.deploymentFile(),
                                folder.resolve("embedded"),
                                "weft.catalog.file-roots=" + folder.toAbsolutePath())) {
            List<String> answers = new ArrayList<>();
            for (RunningFleet fleet : List.of(embedded, relay.fleet)) {
                fleet.admin().register("patterns", source);
                fleet.admin().awaitReady("patterns");
                Http.await(
                        "it is served",
                        () ->
                                Http.get(fleet.gateway().resolve("/v1/models/patterns"))
                                                .statusCode()
                                        == 200);
                answers.add(text(fleet.gateway(), "patterns"));
            }
            assertThat(answers.get(1)).isEqualTo(answers.get(0));
            assertThat(text(embedded.gateway(), "sql")).isNotEqualTo(answers.get(0));
        }
    }

    private static String text(URI gateway, String model) throws Exception {
        return Http.content(
                Http.post(
                        gateway.resolve("/v1/chat/completions"),
                        """
                        {"model":"%s","temperature":0,"max_tokens":12,"ignore_eos":true,
                        "messages":[{"role":"user","content":"all orders"}]}\
                        """
                                .formatted(model)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/v1/classify"})
    void theEmbeddedEngineSaysWhichModelsItTakes(String path) throws Exception {
        HttpResponse<String> answer = post(SampleFleet.fleet().gateway(), path, "sql");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Http.json(answer).path("error").path("message").asString())
                .contains("'sql'", "task_type");
    }
}
