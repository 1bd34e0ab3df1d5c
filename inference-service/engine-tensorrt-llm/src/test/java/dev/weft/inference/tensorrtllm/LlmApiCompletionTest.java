package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import dev.weft.inference.tensorrtllm.triton.TritonOptions;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model in Python says in its model.yaml whether it streams, and not in its config.pbtxt. */
@OnTriton
@Timeout(240)
class LlmApiCompletionTest {
    private static final String MODEL = "tensorrt_llm";

    @TempDir private Path folder;
    private Path base;

    @BeforeAll
    static void load() {
        TestBackend.load();
    }

    @BeforeEach
    void writeBase() throws IOException {
        base = RandomBase.write(folder.resolve("base"));
    }

    /** Why the engine lets such models complete themselves. */
    @Test
    void strictConfigurationTurnsStreamingOffInSilence() throws IOException {
        Path repository = TestEngine.of(base).llmapi(false).write(folder);

        assertThat(decoupled(repository, true)).isTrue();
        assertThat(decoupled(repository, false)).isFalse();
    }

    private static boolean decoupled(Path repository, boolean completion) {
        TritonServer server =
                TritonServer.start(
                        new TritonOptions(
                                repository,
                                TestBackend.backends(),
                                completion,
                                Duration.ofMinutes(1)));
        try (server) {
            server.load(MODEL);
            return new ModelDeclaration(server.config(MODEL)).isDecoupled();
        }
    }

    @Test
    void batchesOfTextsAreRefused() throws IOException {
        TestEngine model = TestEngine.of(base).llmapi(false).model("text_batch", 8);
        Path repository = model.write(folder);

        assertThatIllegalStateException()
                .isThrownBy(() ->
                        EngineStart.open(
                                        base,
                                        TestBackendSettings.of(repository),
                                        TestBackendSettings.NO_TOKENIZER,
                                        _ -> {})
                                .close())
                .withMessageContaining("max_batch_size is 8")
                .withMessageContaining("model.yaml");
    }
}
