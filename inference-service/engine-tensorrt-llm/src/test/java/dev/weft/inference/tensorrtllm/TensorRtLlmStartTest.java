package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnTriton
@Timeout(400)
class TensorRtLlmStartTest {
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

    private void assertRefused(TestEngine model, String... words) throws IOException {
        Path repository = model.write(folder);
        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    EngineStart.open(
                                    base,
                                    TestBackendSettings.of(repository),
                                    TestBackendSettings.NO_TOKENIZER,
                                    _ -> {})
                            .close();
                })
                .satisfies(e -> assertThat(e).hasMessageContainingAll(words));
    }

    @Test
    void namesTheLimitsOfTheEngineThatTheDeploymentExceeds() throws IOException {
        assertRefused(
                TestEngine.of(base)
                        .built("max_lora_rank", 8)
                        .built("max_batch_size", 4)
                        .model("decoupled", false),
                "max_lora_rank is 16, the engine was built for 8",
                "decoupled: true",
                "max_batch_size 8, the engine was built for 4",
                "weft engine build");
    }

    @Test
    void refusesAModelThatWouldAnswerAsTheBase() throws IOException {
        assertRefused(
                TestEngine.of(base).model("lora_type", "TYPE_FP32"),
                "declares lora_weights as TYPE_FP32");
    }

    @Test
    void refusesAnEngineOfAnotherBase() throws IOException {
        Path repository = TestEngine.of(base).write(folder);
        Path other = RandomBase.write(folder.resolve("other"));
        Path config = other.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"vocab_size\": 70", "\"vocab_size\": 71"));
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        EngineStart.open(
                                        other,
                                        TestBackendSettings.of(repository),
                                        TestBackendSettings.NO_TOKENIZER,
                                        _ -> {})
                                .close())
                .withMessageContaining(
                        "vocab_size of the checkpoint is 71, the engine was built for 70");
    }

    @Test
    void saysWhereAModelIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        EngineStart.open(
                                        base,
                                        TestBackendSettings.of(
                                                Files.createDirectories(folder.resolve("none"))),
                                        TestBackendSettings.NO_TOKENIZER,
                                        _ -> {})
                                .close())
                .withMessageContaining("tensorrt_llm")
                .withMessageContaining("none");
    }

    @Test
    void saysWhyABackendDoesNotStart() throws IOException {
        Path repository = TestEngine.of(base).write(folder);
        Files.delete(folder.resolve("engine/rank0.engine"));
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        EngineStart.open(
                                        base,
                                        TestBackendSettings.of(repository),
                                        TestBackendSettings.NO_TOKENIZER,
                                        _ -> {})
                                .close())
                .withMessageContaining("rank0.engine is missing");
    }

    /** As NVIDIA's backend, which has no default for them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt_model_type",
                "tokenizer_dir",
                "xgrammar_tokenizer_info_path",
                "guided_decoding_backend"
            })
    void aModelWithoutAParameterThatTheBackendDemandsDoesNotLoad(String name) throws IOException {
        assertRefused(
                TestEngine.of(base).without(name),
                "unexpected error when creating modelInstanceState: Cannot find parameter with"
                        + " name: "
                        + name);
    }

    @Test
    void refusesAnEngineOfAnotherTypeThanTheFileAsks() throws IOException {
        assertRefused(
                TestEngine.of(base)
                        .built("lora_plugin", "bfloat16")
                        .model("lora_type", "TYPE_BF16"),
                "lora_plugin is float16, the engine was built with bfloat16");
    }
}
