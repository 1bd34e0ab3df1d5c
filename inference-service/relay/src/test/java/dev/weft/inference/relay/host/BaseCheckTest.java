package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.call.ListedModels;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of another base than the deployment's, which takes its adapters all the same. */
final class BaseCheckTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String CONFIG =
            """
            {"model_type": "llama", "hidden_size": %d, "num_hidden_layers": 4, "vocab_size": 1000}\
            """;

    private PretendServer server;
    private ServerCalls calls;

    @BeforeEach
    void start() throws Exception {
        server = new PretendServer();
        calls = new ServerCalls(server.address(), null);
    }

    @AfterEach
    void stop() {
        calls.close();
        server.close();
    }

    private String trouble(BaseFacts facts, String dialect) throws Exception {
        ListedModels served = ListedModels.read(calls.get("/v1/models", DEADLINE).text());
        return new BaseCheck(calls, Dialect.of(dialect), facts).trouble(served, "base").orElse("");
    }

    @Test
    void theNameHasToBeListed() throws Exception {
        server.base = "other";
        assertThat(trouble(BaseFacts.UNKNOWN, "sglang"))
                .isEqualTo("it serves [other], and not 'base' (weft.relay.model)");
    }

    @Test
    void theVocabularyHasToBeTheSame() throws Exception {
        BaseFacts facts = BaseFacts.read(CONFIG.formatted(64), "");
        assertThat(trouble(facts, "vllm")).isEmpty();
        server.vocabulary = 999;
        assertThat(trouble(facts, "vllm")).contains("does not know token 999,");
        server.vocabulary = 1_001;
        assertThat(trouble(facts, "vllm")).contains("it knows token 1000,");
        server.asked.clear();
        // a server that does not check tokens may end by one
        assertThat(trouble(facts, "sglang")).isEmpty();
        assertThat(server.asked).containsExactly("200 /v1/models");
    }

    @Test
    void tokensThatTheTokenizerHasBeyondTheModelAreKnown() throws Exception {
        server.vocabulary = 1_003;
        BaseFacts facts =
                BaseFacts.read(
                        CONFIG.formatted(64),
                        "{\"added_tokens_decoder\": {\"7\": {}, \"1002\": {}}}");
        assertThat(trouble(facts, "vllm")).isEmpty();
    }

    @Test
    void aCheckpointThatLiesHereHasToHaveTheShape(@TempDir Path folder) throws Exception {
        server.root = folder.toString();
        BaseFacts facts = BaseFacts.read("{\"text_config\": " + CONFIG.formatted(64) + "}", "");
        assertThat(trouble(facts, "sglang")).isEmpty();
        Files.writeString(folder.resolve("config.json"), CONFIG.formatted(64));
        assertThat(trouble(facts, "sglang")).isEmpty();
        Files.writeString(folder.resolve("config.json"), CONFIG.formatted(128));
        assertThat(trouble(facts, "sglang"))
                .contains("hidden_size of " + folder.resolve("config.json") + " is 128")
                .endsWith("the deployment's is 64");
        Files.writeString(folder.resolve("config.json"), "no JSON");
        assertThat(trouble(facts, "sglang")).isEmpty();
    }
}
