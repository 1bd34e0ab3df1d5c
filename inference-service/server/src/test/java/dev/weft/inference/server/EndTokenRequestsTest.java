package dev.weft.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens end an answer, for a model of 269 rows. */
class EndTokenRequestsTest {
    private static final String TEMPLATE = "\"chat_template\":\"{{ messages[0].content }}\"";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path data;
    private @Nullable AdapterCatalog catalog;

    @AfterEach
    void stop() {
        http.shutdownNow();
        if (catalog != null) {
            catalog.close();
        }
    }

    @Test
    void passesOverTokensThatTheModelHasNoRowsFor() throws Exception {
        AdapterCatalog adapters = new AdapterCatalog();
        catalog = adapters;
        AdapterDigest own =
                adapters.publish(
                        "own",
                        AdapterCatalog.plain("own"),
                        Map.of("tokenizer_config.json", "{\"eos_token\":\"<far>\"}"));
        Map<String, String> files =
                Map.of(
                        "tokenizer_config.json",
                        "{\"eos_token\":\"<eos>\",\"pad_token\":\"<far>\"," + TEMPLATE + "}",
                        "generation_config.json",
                        "{\"eos_token_id\":[268,269,50279,-1]}");
        try (TestWorker worker = start(files, adapters)) {
            assertThat(ends(worker, null)).containsExactly(268);
            assertThat(ends(worker, own)).containsExactly(268);
        }
    }

    @Test
    void takesTheFamilysEndTokenOnlyIfNothingNamesOne() throws Exception {
        String family = "{\"model_type\":\"llama\"}";
        try (TestWorker worker = silent(family, "{" + TEMPLATE + "}")) {
            assertThat(ends(worker, null)).containsExactly(2);
        }
        String named = "{\"eos_token\":\"<|im_end|>\"," + TEMPLATE + "}";
        try (TestWorker worker = silent(family, named)) {
            assertThat(ends(worker, null)).containsExactly(TestTokenizers.IM_END);
        }
    }

    @Test
    void aFamilysEndTokenHasToBeAmongTheModels() throws Exception {
        try (TestWorker worker = silent("{\"model_type\":\"olmo2\"}", "{" + TEMPLATE + "}")) {
            assertThat(ends(worker, null)).isEmpty();
        }
    }

    /** A worker whose base has no generation_config.json. */
    private TestWorker silent(String config, String tokenizer) throws IOException {
        AdapterCatalog adapters = new AdapterCatalog();
        if (catalog != null) {
            catalog.close();
        }
        catalog = adapters;
        return TestWorker.startSilent(
                data,
                _ -> TestWorker.bytes("hi"),
                adapters.address(),
                Map.of("config.json", config, "tokenizer_config.json", tokenizer));
    }

    private TestWorker start(Map<String, String> files, AdapterCatalog adapters)
            throws IOException {
        return TestWorker.startWith(data, _ -> TestWorker.bytes("hi"), adapters.address(), files);
    }

    /** What ends the engine's answer to a chat. */
    private List<Integer> ends(TestWorker worker, @Nullable AdapterDigest adapter)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(worker.service.address().resolve("/v1/chat/completions"))
                        .timeout(Duration.ofMinutes(1))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        """
                                        {"model":"test-base","max_tokens":2,
                                         "messages":[{"role":"user","content":"hi"}]}
                                        """));
        if (adapter != null) {
            request.header("weft-adapter", adapter.toString());
        }
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return worker.engine.requests.getLast().ending().stopTokens();
    }
}
