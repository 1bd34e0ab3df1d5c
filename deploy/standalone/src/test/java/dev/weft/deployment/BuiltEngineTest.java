package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.BuiltEngine;
import dev.weft.format.trtllm.BuiltEngineException;
import dev.weft.format.trtllm.EngineFolder;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.server.settings.DeployedEngine;
import dev.weft.protocol.adapter.LinearModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares engines as trtllm-build leaves them with deployment files. */
class BuiltEngineTest {
    private static final String FILE =
            """
            model_name: small
            trt_llm:
              build:
                checkpoint_repository: {source: FILE, repo: .}
                max_lora_rank: 16
                max_batch_size: 8
                max_num_tokens: 2048
                max_seq_len: 512
            weft: {triton: {model-repository: models}}
            """;

    private static final ModelConfig BASE =
            ModelConfig.parse(
                    """
                    {"model_type":"llama","vocab_size":100,"hidden_size":24,"intermediate_size":40,
                     "num_hidden_layers":2,"num_attention_heads":3,"num_key_value_heads":1,
                     "head_dim":8,"max_position_embeddings":64,"rms_norm_eps":1e-5,
                     "rope_theta":10000.0,"tie_word_embeddings":true}
                    """);

    @TempDir Path folder;
    private EngineFolder engine;

    @BeforeEach
    void writeEngine() throws Exception {
        engine = new EngineFolder(folder.resolve("models/tensorrt_llm"));
        Files.createDirectories(engine.engine());
        Files.createDirectories(engine.modelVersion());
        Files.writeString(engine.modelConfig(), "name: \"tensorrt_llm\"");
        Files.writeString(engine.engine().resolve("rank0.engine"), "");
        config("float16", 16, "\"attn_q\", \"attn_k\", \"attn_v\"", 2);
        Files.writeString(
                engine.record(), "{\"format\": 1, \"folder\": \"" + engine.root() + "\"}");
    }

    private void config(String plugin, int rank, String modules, int layers) throws Exception {
        Files.writeString(
                engine.engine().resolve("config.json"),
                """
                {"version": "1.2.1",
                 "pretrained_config": {"architecture": "LlamaForCausalLM", "hidden_size": 24,
                   "num_hidden_layers": %d, "vocab_size": 100, "num_attention_heads": 3,
                   "num_key_value_heads": 1, "intermediate_size": 40,
                   "mapping": {"world_size": 1, "tp_size": 1, "pp_size": 1}},
                 "build_config": {"max_batch_size": 8, "max_seq_len": 512, "max_num_tokens": 2048,
                   "max_input_len": 256, "gather_generation_logits": false,
                   "lora_config": {"max_lora_rank": %d, "lora_target_modules": [%s]},
                   "plugin_config": {"lora_plugin": "%s"}}}
                """
                        .formatted(layers, rank, modules, plugin));
    }

    @Test
    void tellsWhatTheEngineWasBuiltFor() throws Exception {
        BuiltEngine built = BuiltEngine.find(engine).orElseThrow();

        assertThat(built.folder().root()).isEqualTo(folder.resolve("models/tensorrt_llm"));
        assertThat(built.limits().batch().maxBatchSize()).isEqualTo(8);
        assertThat(built.limits().batch().maxSeqLen()).isEqualTo(512);
        assertThat(built.limits().lora())
                .isEqualTo(
                        new EngineLimits.Lora(
                                NpyType.FLOAT16,
                                16,
                                Set.of(LinearModule.Q, LinearModule.K, LinearModule.V)));
        assertThat(built.limits().gpus()).isEqualTo(1);
        assertThat(built.faults(DeployedEngine.demands(deployment()), BASE)).isEmpty();
    }

    /** {@code max_input_len} of config.json is a default that the runtime no longer reads. */
    @Test
    void boundsPromptsAsTheRuntimeDoes() throws Exception {
        EngineLimits limits = BuiltEngine.find(engine).orElseThrow().limits();
        assertThat(limits.maxPrompt(true)).isEqualTo(511);
        assertThat(limits.maxPrompt(false)).isEqualTo(511);

        rewrite("\"max_num_tokens\": 2048", "\"max_num_tokens\": 128");
        limits = BuiltEngine.find(engine).orElseThrow().limits();
        assertThat(limits.maxPrompt(true)).isEqualTo(511);
        assertThat(limits.maxPrompt(false)).isEqualTo(128);

        rewrite("\"lora_plugin\"", "\"context_fmha\": false, \"lora_plugin\"");
        assertThat(BuiltEngine.find(engine).orElseThrow().limits().maxPrompt(false)).isEqualTo(256);
    }

    @Test
    void refusesAnEngineOfFloat32ThatSaysItReadsTheCacheForPrompts() throws Exception {
        String float32 = "trt_llm.build.plugin_configuration.lora_plugin=float32";
        config("float32", 16, "\"attn_q\", \"attn_k\", \"attn_v\"", 2);
        assertThat(faults(float32)).isEmpty();

        rewrite("\"lora_plugin\"", "\"use_paged_context_fmha\": true, \"lora_plugin\"");

        assertThat(faults(float32))
                .singleElement()
                .asString()
                .contains("would read no KV cache for prompts")
                .contains("weft engine build FILE");
    }

    private void rewrite(String text, String other) throws Exception {
        Path file = engine.engine().resolve("config.json");
        Files.writeString(file, Files.readString(file).replace(text, other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trt_llm.build.max_lora_rank=32 | max_lora_rank is 32, the engine was built for 16",
                "trt_llm.build.max_batch_size=9 | max_batch_size is 9, the engine was built for 8",
                "trt_llm.build.max_seq_len=513 | max_seq_len is 513, the engine was built for 512",
                "weft.inference.max-model-length=513 | max-model-length is 513, the engine was",
                "trt_llm.build.max_num_tokens=4096 | max_num_tokens is 4096, the engine was built",
                "trt_llm.build.tensor_parallel_count=2 | tensor_parallel_count is 2, the engine",
                "trt_llm.build.plugin_configuration.lora_plugin=bfloat16 | lora_plugin is bfloat16,"
                        + " the engine was built with float16",
                "trt_llm.build.lora_configuration.lora_target_modules=attn_q,mlp_gate | has"
                    + " [mlp_h_to_4h, mlp_gate], the engine was built for [attn_q, attn_k, attn_v]"
            })
    void refusesADeploymentThatAsksForMore(String setting, String message) throws Exception {
        assertThat(faults(setting))
                .singleElement()
                .asString()
                .contains(message)
                .contains("build the engine again: weft engine build FILE");
    }

    @Test
    void namesEveryFaultAtOnce() throws Exception {
        assertThat(faults("trt_llm.build.max_lora_rank=32", "trt_llm.build.max_batch_size=9"))
                .satisfiesExactly(
                        rank -> assertThat(rank).contains("max_lora_rank is 32"),
                        batch -> assertThat(batch).contains("max_batch_size is 9"));
    }

    @Test
    void refusesAnEngineWithoutLoraAndOneOfAnotherBase() throws Exception {
        config("", 0, "", 2);
        assertThat(faults())
                .singleElement()
                .asString()
                .contains("the engine was built without LoRA");
        config("float16", 16, "\"attn_q\", \"attn_k\", \"attn_v\"", 3);
        assertThat(faults())
                .singleElement()
                .asString()
                .contains("num_hidden_layers of the checkpoint is 2, the engine was built for 3");
    }

    @Test
    void saysWhatIsMissingAndWhatToDo() throws Exception {
        Files.delete(engine.engine().resolve("rank0.engine"));
        assertRefused("rank0.engine is missing", "weft engine build");
        Files.delete(engine.modelVersion());
        assertRefused("rank0.engine is missing", "make it; it stays empty");
        Files.writeString(engine.engine().resolve("config.json"), "{");
        assertRefused("config.json can't be read", "not valid JSON");
    }

    @Test
    void refusesAFolderThatIsHalfBuiltMovedOrEmpty() throws Exception {
        Files.writeString(engine.record(), "{\"folder\": \"/elsewhere\"}");
        assertRefused("was built to lie at /elsewhere", "mount it there");
        Files.delete(engine.record());
        Files.createDirectories(engine.underWay().root());
        assertRefused("is half built", "tensorrt_llm.building");
        Files.delete(engine.underWay().root());
        Files.delete(engine.modelConfig());
        assertRefused(
                "there is no engine at " + engine.root() + " (no config.pbtxt)",
                "weft engine build");
        engine = new EngineFolder(folder.resolve("none/tensorrt_llm"));
        assertRefused("there is no engine at " + engine.root(), "weft.triton.model-repository");
    }

    @Test
    void leavesAModelThatSomethingElseMadeToTriton() throws Exception {
        Files.delete(engine.record());

        assertThat(BuiltEngine.find(engine)).isEmpty();
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> BuiltEngine.find(engine))
                .isInstanceOf(BuiltEngineException.class)
                .hasMessageContainingAll(words);
    }

    private List<String> faults(String... settings) throws Exception {
        return BuiltEngine.find(engine)
                .orElseThrow()
                .faults(DeployedEngine.demands(deployment(settings)), BASE);
    }

    private Deployment deployment(String... settings) throws Exception {
        Path file = Files.writeString(folder.resolve("weft.yaml"), FILE);
        return DeploymentFile.read(file, List.of(settings));
    }
}
