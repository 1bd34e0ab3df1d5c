package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.format.trtllm.EngineFolder;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.gpu.GpuDevices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines are folders of devices here, and engines what {@code engine build} leaves. */
@OnTriton
class StartChecksTest {
    private static final Map<String, String> ORCHESTRATOR = Map.of("TRTLLM_ORCHESTRATOR", "1");

    @TempDir private Path folder;
    private Path devices;
    private EngineFolder engine;

    @BeforeAll
    static void load() {
        TestBackend.load();
    }

    @BeforeEach
    void prepare() throws IOException {
        devices = Files.createDirectories(folder.resolve("dev"));
        engine = new EngineFolder(folder.resolve("models/tensorrt_llm"));
        Files.createDirectories(engine.modelVersion());
        Files.createDirectories(engine.engine());
        Files.writeString(engine.modelConfig(), "");
        Files.writeString(
                engine.record(), "{\"format\": 1, \"folder\": \"" + engine.root() + "\"}");
        built(1);
    }

    private void built(int gpus) throws IOException {
        for (int rank = 0; rank < gpus; rank++) {
            Files.writeString(engine.engine().resolve("rank" + rank + ".engine"), "");
        }
        Files.writeString(
                engine.engine().resolve("config.json"),
                """
                {"pretrained_config": {"vocab_size": 70, "hidden_size": 48,
                   "num_hidden_layers": 2, "num_attention_heads": 6, "num_key_value_heads": 2,
                   "intermediate_size": 80, "mapping": {"world_size": %d}},
                 "build_config": {"max_batch_size": 4, "max_seq_len": 512, "max_num_tokens": 512,
                   "lora_config": {"max_lora_rank": 8, "lora_target_modules": ["attn_q"]},
                   "plugin_config": {"lora_plugin": "float16"}}}
                """
                        .formatted(gpus));
    }

    private void gpus(int count) throws IOException {
        Files.writeString(devices.resolve("nvidiactl"), "");
        Files.writeString(devices.resolve("nvidia-uvm"), "");
        for (int gpu = 0; gpu < count; gpu++) {
            Files.writeString(devices.resolve("nvidia" + gpu), "");
        }
    }

    private StartChecks checks(Map<String, String> environment) {
        return new StartChecks(new GpuDevices(devices), environment);
    }

    private TensorRtLlmSettings settings() {
        return TestBackendSettings.of(folder.resolve("models"));
    }

    @Test
    void autoNeedsAGpuAndAnEngine() throws IOException {
        StartChecks checks = checks(Map.of());
        assertThat(checks.missing(settings()).orElseThrow()).contains("no NVIDIA GPU");
        gpus(1);
        assertThat(checks.missing(settings())).isEmpty();
        Files.delete(engine.record());
        Files.delete(engine.modelConfig());
        assertThat(checks.missing(settings()).orElseThrow()).contains("weft engine build");
    }

    @Test
    void nvidiasBackendNeedsAGpu() throws IOException {
        Path backends = folder.resolve("backends");
        Files.createDirectories(backends.resolve("tensorrtllm"));
        Files.writeString(backends.resolve("tensorrtllm/trtllmExecutorWorker"), "");
        TensorRtLlmSettings settings = settings(backends);
        assertThatIllegalStateException()
                .isThrownBy(() -> checks(Map.of()).require(settings))
                .withMessageContainingAll("no NVIDIA GPU", "--device nvidia.com/gpu=all");
        gpus(1);
        assertThatCode(() -> checks(Map.of()).require(settings)).doesNotThrowAnyException();
    }

    private TensorRtLlmSettings settings(Path backends) {
        TensorRtLlmSettings of = settings();
        return new TensorRtLlmSettings(
                new TensorRtLlmSettings.Model(of.model().repository(), backends, of.model().name()),
                of.adapters(),
                of.asked(),
                of.maxQueue(),
                of.maxRows(),
                of.scratch());
    }

    @Test
    void aGpuIsWhatAnEngineForOneNeeds() throws IOException {
        gpus(1);
        assertThatCode(() -> checks(Map.of()).require(settings())).doesNotThrowAnyException();
    }

    @Test
    void anEngineForTwoGpusNeedsBothAndTheOrchestrator() throws IOException {
        built(2);
        gpus(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> checks(Map.of()).require(settings()))
                .withMessageContainingAll(
                        "was built for 2 GPUs", "1 can be seen", "needs TRTLLM_ORCHESTRATOR=1");
        gpus(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> checks(Map.of()).require(settings()))
                .withMessageContaining("needs TRTLLM_ORCHESTRATOR=1")
                .withMessageNotContaining("can be seen");
        assertThatCode(() -> checks(ORCHESTRATOR).require(settings())).doesNotThrowAnyException();
    }

    @Test
    void saysBeforeTritonStartsWhatAnEngineLacks() throws IOException {
        Files.delete(engine.engine().resolve("rank0.engine"));
        assertThatIllegalStateException()
                .isThrownBy(() -> checks(Map.of()).require(settings()))
                .withMessageContainingAll("rank0.engine is missing", "weft engine build");
    }

    @Test
    void namesEveryLimitThatTheDeploymentExceeds() {
        assertThatIllegalStateException()
                .isThrownBy(() -> checks(Map.of()).requireFit(settings(), RandomBase.CONFIG))
                .withMessageContainingAll(
                        "max_lora_rank is 16, the engine was built for 8",
                        "max_batch_size is 8, the engine was built for 4",
                        "weft engine build");
    }

    @Test
    void tellsOfAMissingGpuWhereTensorRtLlmFails() throws IOException {
        assertThat(checks(Map.of()).hint()).contains("no NVIDIA GPU", "--gpus all");
        gpus(1);
        assertThat(checks(Map.of()).hint()).isEmpty();
    }
}
