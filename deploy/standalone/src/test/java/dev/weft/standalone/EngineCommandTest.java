package dev.weft.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.deployment.DeploymentFile;
import dev.weft.model.npy.NpyType;
import dev.weft.model.trtllm.BuiltEngine;
import dev.weft.model.trtllm.EngineDemands;
import dev.weft.model.trtllm.EngineFolder;
import dev.weft.model.trtllm.EngineLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineCommandTest {
    private static final String CONFIG =
            """
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_act":"silu",
             "vocab_size":100,"hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,
             "num_attention_heads":4,"num_key_value_heads":2,"head_dim":6,
             "max_position_embeddings":64,"rms_norm_eps":1e-5,"rope_theta":10000.0,
             "tie_word_embeddings":true}
            """;

    private static final String FILE =
            """
            weft: {triton: {model-repository: models}}
            model_name: desk
            resources: {accelerator: H100}
            trt_llm:
              build:
                checkpoint_repository: {source: FILE, repo: base}
                max_lora_rank: 16
                max_batch_size: 8
            """;

    @TempDir Path folder;
    private FakeTools tools;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        folder = folder.toRealPath();
        Path base = Files.createDirectories(folder.resolve("base"));
        Files.writeString(base.resolve("config.json"), CONFIG);
        file = Files.writeString(folder.resolve("weft.yaml"), FILE);
        tools = new FakeTools(folder.resolve("fake"));
    }

    private CommandLineRun engine(String what, String... options) {
        var all = new ArrayList<>(List.of("engine", what, file.toString()));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        all.addAll(tools.options());
        all.addAll(List.of(options));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    /** The commands of a plan, each on one line as the shell reads it. */
    private static List<String> commands(String plan) {
        return plan.replace(" \\\n    ", " ")
                .lines()
                .map(String::strip)
                .filter(line -> line.contains("--output_dir"))
                .toList();
    }

    @Test
    void plansConversionBuildAndRepositoryAndRunsNothing() throws IOException {
        CommandLineRun run = engine("plan");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Path work = folder.resolve("models/tensorrt_llm.building");
        assertThat(commands(run.out()))
                .containsExactly(
                        folder
                                + "/fake/python /examples/models/core/llama/convert_checkpoint.py"
                                + " --model_dir "
                                + folder.resolve("base")
                                + " --output_dir "
                                + work.resolve("checkpoint")
                                + " --dtype float16 --tp_size 1",
                        folder
                                + "/fake/builder --checkpoint_dir "
                                + work.resolve("checkpoint")
                                + " --output_dir "
                                + work.resolve("engine")
                                + " --gemm_plugin float16 --gpt_attention_plugin float16"
                                + " --kv_cache_type paged --remove_input_padding enable"
                                + " --use_paged_context_fmha enable --use_fp8_context_fmha disable"
                                + " --lora_plugin float16 --lora_target_modules attn_q attn_k"
                                + " attn_v attn_dense mlp_h_to_4h mlp_gate mlp_4h_to_h"
                                + " --max_lora_rank 16 --max_batch_size 8 --max_num_tokens 8192"
                                + " --max_seq_len 64 --max_beam_width 1 --workers 1");
        assertThat(run.out())
                .contains("the file names no adapter: all")
                .contains(
                        "key: \"gpt_model_path\" value: { string_value: \""
                                + folder
                                + "/models/tensorrt_llm/engine\"")
                .contains("none has been run on a GPU");
        assertThat(tools.calls()).isEmpty();
        assertThat(folder.resolve("models/tensorrt_llm")).doesNotExist();
        assertThat(work).doesNotExist();
    }

    @Test
    void buildsWhatItPlannedAndTheWorkersChecksAcceptIt() throws Exception {
        List<String> planned = commands(engine("plan").out());

        CommandLineRun run = engine("build");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("[1/2] checkpoint", "  | working on it", "[2/2] engine: done");
        assertThat(tools.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(planned).anyMatch(p -> p.endsWith(call)));
        Path built = folder.resolve("models/tensorrt_llm");
        assertThat(built.resolve("1")).isEmptyDirectory();
        assertThat(engine("plan").out().replaceAll("(?m)^ +", ""))
                .contains(
                        Files.readString(built.resolve("config.pbtxt")).replaceAll("(?m)^ +", ""));
        assertThat(built.resolve("engine.log")).content().contains("working on it");
        assertThat(built.resolve("checkpoint")).doesNotExist();
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("base", "weft.yaml", "fake", "models");
        assertThat(folder.resolve("models").toFile().list()).containsExactly("tensorrt_llm");
        BuiltEngine engine = BuiltEngine.find(new EngineFolder(built)).orElseThrow();
        assertThat(
                        engine.faults(
                                EngineDemands.of(DeploymentFile.read(file, List.of())),
                                ModelConfig.read(folder.resolve("base/config.json"))))
                .isEmpty();
        assertThat(engine.limits().lora())
                .isEqualTo(
                        new EngineLimits.Lora(NpyType.FLOAT16, 16, Set.of(LinearModule.values())));

        CommandLineRun again = engine("build");

        assertThat(again.out()).contains("built already");
        assertThat(tools.calls()).hasSize(2);
    }

    @Test
    void goesOnAfterTheLastStepThatWasFinished() throws IOException {
        tools.fail(true);
        CommandLineRun first = engine("build");
        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err())
                .contains(
                        "checkpoint: ",
                        "ended with exit code 3",
                        "tensorrt_llm.building/checkpoint.log");
        assertThat(first.out()).contains("  | CUDA error");
        assertThat(folder.resolve("models/tensorrt_llm")).doesNotExist();

        tools.fail(false);
        Files.writeString(folder.resolve("models/tensorrt_llm.building/checkpoint.done"), "");
        Files.writeString(
                folder.resolve("models/tensorrt_llm.building/checkpoint/config.json"),
                "\"world_size\":1");
        CommandLineRun second = engine("build");

        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("going on in", "[1/2] checkpoint: done before");
        assertThat(tools.calls()).hasSize(2);
        assertThat(folder.resolve("models/tensorrt_llm/engine/rank0.engine")).exists();
    }

    @Test
    void beginsAStepThatWasNotFinishedAnew() throws IOException {
        tools.fail(true);
        engine("build");
        tools.fail(false);

        CommandLineRun second = engine("build");

        assertThat(second.err()).isEmpty();
        assertThat(second.exitCode()).isZero();
        assertThat(folder.resolve("models/tensorrt_llm/engine/half")).doesNotExist();
        assertThat(tools.calls()).hasSize(3);
    }

    @Test
    void refusesWhatWasBegunOrBuiltFromAnotherPlan() throws IOException {
        tools.fail(true);
        engine("build");
        tools.fail(false);

        CommandLineRun other = engine("build", "--set", "trt_llm.build.max_batch_size=4");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("half built from another plan", "--fresh");
        CommandLineRun fresh =
                engine("build", "--fresh", "--set", "trt_llm.build.max_batch_size=4");
        assertThat(fresh.exitCode()).isZero();

        CommandLineRun built = engine("build");
        assertThat(built.exitCode()).isEqualTo(1);
        assertThat(built.err()).contains("holds an engine of another plan");
    }

    @Test
    void refusesToPutAnEngineOverSomethingElse() throws IOException {
        Files.createDirectories(folder.resolve("models/tensorrt_llm/photos"));

        CommandLineRun run = engine("build");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("is there and no engine that Weft built");
        assertThat(tools.calls()).isEmpty();
    }

    @Test
    void saysWhereToBuildWhereTheToolsAreMissing() {
        CommandLineRun run =
                CommandLineRun.of("engine", "build", file.toString(), "--python", "/none/python");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("/none/python can't be started", "docs/tensorrt-llm.md");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weights_int8 | convert_checkpoint.py | --use_weight_only --weight_only_precision"
                        + " int8",
                "weights_int4 | convert_checkpoint.py | --use_weight_only --weight_only_precision"
                        + " int4",
                "weights_kv_int8 | convert_checkpoint.py | --weight_only_precision int8"
                        + " --int8_kv_cache",
                "weights_int4_kv_int8 | convert_checkpoint.py | --weight_only_precision int4"
                        + " --int8_kv_cache",
                "smooth_quant | convert_checkpoint.py | --smoothquant 0.5 --per_token"
                        + " --per_channel",
                "fp8 | quantization/quantize.py | --qformat fp8",
                "fp8_kv | quantization/quantize.py | --qformat fp8 --kv_cache_dtype fp8"
            })
    void quantisesAsTheFileAsks(String type, String script, String options) {
        CommandLineRun run = engine("plan", "--set", "trt_llm.build.quantization_type=" + type);

        assertThat(run.err()).isEmpty();
        assertThat(commands(run.out()).getFirst()).contains(script).contains(options);
    }

    @Test
    void takesCalibrationTypesParallelismAndCachesFromTheFile() {
        CommandLineRun run =
                engine(
                        "plan",
                        "--set",
                        "trt_llm.build.quantization_type=fp8_kv",
                        "--set",
                        "trt_llm.build.quantization_config={calib_size: 256, calib_dataset:"
                                + " /texts}",
                        "--set",
                        "trt_llm.build.plugin_configuration={lora_plugin: bfloat16,"
                                + " use_fp8_context_fmha: true}",
                        "--set",
                        "trt_llm.build.tensor_parallel_count=2",
                        "--set",
                        "trt_llm.build.num_builder_gpus=2",
                        "--set",
                        "trt_llm.build.gather_all_token_logits=true",
                        "--set",
                        "resources.accelerator=H100:2",
                        "--set",
                        "trt_llm.runtime={kv_cache_host_memory_bytes: 1GiB,"
                                + " enable_chunked_context: false,"
                                + " batch_scheduler_policy: max_utilization}");

        assertThat(run.err()).isEmpty();
        assertThat(commands(run.out()).getFirst())
                .contains("--dtype bfloat16", "--tp_size 2")
                .contains("--calib_dataset /texts --calib_size 256");
        assertThat(commands(run.out()).getLast())
                .contains("--lora_plugin bfloat16", "--use_fp8_context_fmha enable")
                .contains("--gather_all_token_logits", "--workers 2");
        assertThat(run.out())
                .contains("TYPE_BF16", "TRTLLM_ORCHESTRATOR=1")
                .contains("\"kv_cache_host_memory_bytes\" value: { string_value: \"1073741824\" }")
                .contains("\"enable_chunked_context\" value: { string_value: \"false\" }")
                .contains(
                        "\"batch_scheduler_policy\" value: { string_value: \"max_utilization\" }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trt_llm.build.quantization_type=fp4 | quantization_type is fp4",
                "trt_llm.build.pipeline_parallel_count=2 | pipeline_parallel_count is 2",
                "trt_llm.build.speculator={num_draft_tokens: 4} | trt_llm.build.speculator is",
                "trt_llm.build.max_prompt_embedding_table_size=64 | max_prompt_embedding_table_size"
                        + " is 64",
                "trt_llm.build.plugin_configuration.paged_kv_cache=false | paged_kv_cache is false",
                "trt_llm.build.plugin_configuration.use_paged_context_fmha=false |"
                        + " enable_chunked_context needs it",
                "trt_llm.build.plugin_configuration.use_fp8_context_fmha=true |"
                        + " use_fp8_context_fmha is true",
                "trt_llm.build.plugin_configuration.gemm_plugin=auto | gemm_plugin is auto",
                "trt_llm.build.tensor_parallel_count=2 | resources.accelerator is H100, which is 1",
                "trt_llm.build.tensor_parallel_count=3 | does not divide the base's 4 heads",
                "trt_llm.build.quantization_config.calib_size=64 | no_quant is not calibrated",
                "trt_llm.inference_stack=v2 | inference_stack is v2"
            })
    void refusesByNameWhatItCantDo(String setting, String message) {
        CommandLineRun run = engine("plan", "--set", setting);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no engine can be built from this file", message);
    }

    @Test
    void saysHowLongPromptsMayBe() {
        assertThat(engine("plan").out()).contains("prompts: up to 63 tokens, in pieces");
        assertThat(
                        engine(
                                        "plan",
                                        "--set",
                                        "trt_llm.build.max_seq_len=9000",
                                        "--set",
                                        "trt_llm.runtime.enable_chunked_context=false")
                                .out())
                .contains("prompts: up to 8192 tokens, since");
    }

    @Test
    void takesWhatAsksForNothing() throws IOException {
        Files.writeString(
                file,
                FILE
                        + "    max_prompt_embedding_table_size: 0\n"
                        + "    sequence_parallel_count: 1\n"
                        + "    strongly_typed: true\n");

        assertThat(engine("plan").exitCode()).isZero();
    }

    @Test
    void buildsForTheModulesOfAdaptersThatAreFoldersAndForAllOtherwise() throws IOException {
        CommandLineRun.of(
                "bench",
                "adapters",
                folder.resolve("base").toString(),
                folder.resolve("adapters").toString(),
                "--count",
                "1",
                "--rank",
                "4",
                "--modules",
                "q_proj,down_proj");
        String local = "      one: {source: FILE, repo: adapters/lora-0001}\n";
        Files.writeString(file, FILE + "    lora_adapters:\n" + local);

        CommandLineRun folders = engine("plan");
        assertThat(folders.err()).isEmpty();
        assertThat(commands(folders.out()).getLast())
                .contains("--lora_target_modules attn_q attn_k attn_v mlp_4h_to_h --max_lora_rank");
        assertThat(folders.out()).contains("what the file's adapters change");

        Files.writeString(
                file, FILE + "    lora_adapters:\n" + local + "      two: {repo: owner/two}\n");
        assertThat(engine("plan").out()).contains("two: no folder of this machine");

        CommandLineRun named =
                engine(
                        "plan",
                        "--set",
                        "trt_llm.build.lora_configuration.lora_target_modules=o_proj");
        assertThat(commands(named.out()).getLast())
                .contains("--lora_target_modules attn_dense --max_lora_rank");

        CommandLineRun rank = engine("plan", "--set", "trt_llm.build.max_lora_rank=2");
        assertThat(rank.exitCode()).isEqualTo(1);
        assertThat(rank.err()).contains("adapter one: ", "max_lora_rank");
    }

    @Test
    void makesTheHostCacheFitTheAdapters() {
        // q, o: 48 values a rank; k, v: 36; gate, up, down: 64 -> 2 slots of 36 each but k and v
        long page = (2 + 1 + 1 + 2 + 2 + 2 + 2) * 16L * 2 * 36 * 2;

        assertThat(engine("plan").out())
                .contains("\"lora_cache_host_memory_bytes\" value: { string_value: \"" + 16 * page);
        assertThat(engine("plan", "--set", "weft.inference.max-loras=40").out())
                .contains("\"lora_cache_host_memory_bytes\" value: { string_value: \"" + 40 * page);
    }

    @Test
    void saysWhenNoAdapterFitsBesideTheKvCache() {
        CommandLineRun run =
                engine("plan", "--set", "trt_llm.runtime.kv_cache_free_gpu_mem_fraction=1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("kv_cache_free_gpu_mem_fraction is 1.0: leaves 0 MiB of a H100");
    }

    @Test
    void refusesABaseThatIsNone() throws IOException {
        Files.writeString(folder.resolve("base/config.json"), CONFIG.replace("llama", "gpt2"));

        CommandLineRun run = engine("plan");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the checkpoint FILE:", "gpt2");
    }
}
