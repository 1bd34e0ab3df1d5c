package dev.weft.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnginePlanTest extends EngineCommandFixture {
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
    void letsTheSecretsOfRepositoriesBe() throws IOException {
        Files.createDirectories(folder.resolve("sql"));
        Files.writeString(
                file,
                FILE.replace("repo: base}", "repo: base, runtime_secret_name: hf_access_token}")
                        + "    lora_adapters: {sql: {source: FILE, repo: sql,"
                        + " runtime_secret_name: other}}\n");
        assertThat(engine("plan").err()).doesNotContain("runtime_secret_name");
        assertThat(engine("plan", "--set", "trt_llm.build.runtime_secret_name=x").err())
                .contains("trt_llm.build.runtime_secret_name");
    }

    @Test
    void reusesNoPromptsWhereSeveralTenantsMustNotShareThem() throws IOException {
        writeBase(64, 128, 4, 16);
        String off = "\"enable_kv_cache_reuse\" value: { string_value: \"false\" }";
        String on = "\"enable_kv_cache_reuse\" value: { string_value: \"true\" }";
        String keys = "weft.access.keys=true";

        assertThat(engine("plan", "--set", keys).out()).contains(off);
        assertThat(
                        engine("plan", "--set", keys, "--set", "weft.inference.prefix-sharing=all")
                                .out())
                .contains(on);
        assertThat(engine("plan").out()).contains(on);
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
                "fp8 | quantization/quantize.py | --qformat fp8",
                "fp8_kv | quantization/quantize.py | --qformat fp8 --kv_cache_dtype fp8"
            })
    void quantisesAsTheFileAsks(String type, String script, String options) throws IOException {
        writeBase(64, 128, 4, 16);

        CommandLineRun run = engine("plan", "--set", "trt_llm.build.quantization_type=" + type);

        assertThat(run.err()).isEmpty();
        assertThat(commands(run.out()).getFirst()).contains(script).contains(options);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, llama, no_quant weights_int8 weights_int4 weights_kv_int8 weights_int4_kv_int8 fp8"
                + " fp8_kv",
        "mistral, llama, no_quant weights_int8 weights_int4 weights_kv_int8 weights_int4_kv_int8"
                + " fp8 fp8_kv",
        "qwen2, qwen, no_quant weights_int8 weights_int4 weights_kv_int8 weights_int4_kv_int8 fp8"
                + " fp8_kv",
        "qwen3, qwen, no_quant fp8 fp8_kv"
    })
    void convertsEveryFamilyInEveryTypeThatItsScriptsTake(
            String family, String script, String types) throws IOException {
        writeBase(family, 256, 256, 4, 64);
        for (String type : types.split(" ", -1)) {
            for (String plugin : List.of("float16", "bfloat16", "float32")) {
                CommandLineRun run =
                        engine(
                                "plan",
                                "--set",
                                "trt_llm.build.quantization_type=" + type,
                                "--set",
                                "trt_llm.build.plugin_configuration.lora_plugin=" + plugin,
                                "--set",
                                "trt_llm.build.tensor_parallel_count=2",
                                "--set",
                                "resources.accelerator=H100:2");

                assertThat(run.err()).as(type).isEmpty();
                assertThat(commands(run.out())).hasSize(2);
                assertThat(commands(run.out()).getFirst())
                        .contains(
                                type.startsWith("fp8")
                                        ? "/quantize.py"
                                        : "/" + script + "/convert_checkpoint.py");
            }
        }
    }

    /** trtllm-build refuses the second case; it builds the first, and answers would be wrong. */
    @ParameterizedTest
    @CsvSource({
        "trt_llm.build.plugin_configuration.lora_plugin=float32, reads no KV cache in float32",
        "trt_llm.build.quantization_type=weights_kv_int8, reads no KV cache of int8",
        "trt_llm.build.quantization_type=weights_int4_kv_int8, reads no KV cache of int8"
    })
    void readsNoCacheForPromptsWhereTensorRtLlmCannot(String setting, String why)
            throws IOException {
        writeBase(64, 128, 4, 16);

        CommandLineRun run = engine("plan", "--set", setting);

        assertThat(run.err()).isEmpty();
        assertThat(commands(run.out()).getLast()).contains("--use_paged_context_fmha disable");
        assertThat(run.out())
                .contains("prompts: up to 63 tokens, each at once and without reuse of others'")
                .contains(why)
                .contains("\"enable_kv_cache_reuse\" value: { string_value: \"false\" }")
                .contains("\"enable_chunked_context\" value: { string_value: \"false\" }");
        for (String asked :
                List.of(
                        "trt_llm.runtime.enable_chunked_context=true",
                        "trt_llm.build.plugin_configuration.use_paged_context_fmha=true")) {
            CommandLineRun refused = engine("plan", "--set", setting, "--set", asked);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains(asked.replace("=", " is ")).contains(why);
        }
    }

    /** Checks what trtllm-build also does by itself, with a warning. */
    @Test
    void computesAttentionOverPromptsInFp8WhereTheCacheIsFp8() {
        String fp8 = "trt_llm.build.quantization_type=fp8_kv";
        String off = "trt_llm.build.plugin_configuration.use_fp8_context_fmha=false";

        assertThat(commands(engine("plan", "--set", fp8).out()).getLast())
                .contains("--use_fp8_context_fmha enable");
        CommandLineRun refused = engine("plan", "--set", fp8, "--set", off);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("use_fp8_context_fmha is false: trtllm-build turns it on");
    }

    /** 192 is a multiple of 64, but not of 64 on each of two GPUs. */
    @Test
    void fillsNoWeightOnlyLayerUp() throws IOException {
        writeBase(128, 192, 4, 32);
        List<String> int4 =
                List.of("--set", "trt_llm.build.quantization_type=weights_int4_kv_int8");
        List<String> twoGpus =
                List.of(
                        "--set",
                        "trt_llm.build.tensor_parallel_count=2",
                        "--set",
                        "resources.accelerator=H100:2");

        assertThat(engine("plan", int4.toArray(String[]::new)).err()).isEmpty();
        CommandLineRun run =
                engine(
                        "plan",
                        Stream.concat(int4.stream(), twoGpus.stream()).toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("quantization_type is weights_int4_kv_int8")
                .contains("the base's width 192 is not a multiple of 128")
                .doesNotContain("width 128");
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
                "trt_llm.build.quantization_type=smooth_quant | layers of smooth_quant take no"
                        + " adapters; allowed are no_quant, the weights_ types, fp8 and fp8_kv",
                "trt_llm.build.quantization_type=weights_int8 | the base's width 40 is not"
                        + " a multiple of 64",
                "trt_llm.build.pipeline_parallel_count=2 | pipeline_parallel_count is 2",
                "trt_llm.build.speculator={num_draft_tokens: 4} | trt_llm.build.speculator is",
                "trt_llm.build.max_prompt_embedding_table_size=64 | max_prompt_embedding_table_size"
                        + " is 64",
                "trt_llm.build.plugin_configuration.paged_kv_cache=false | paged_kv_cache is false",
                "trt_llm.build.plugin_configuration.use_paged_context_fmha=false |"
                        + " enable_chunked_context is true and needs it",
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
        assertThat(engine("plan").out()).contains("two: not a folder of this machine");

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

    /** 4 heads of 8 are 32, hidden_size is 24: TensorRT-LLM would read B from within A. */
    @Test
    void leavesOutTheOutputOfAttentionWhereTensorRtLlmWouldMisreadIt() throws IOException {
        writeBase(24, 40, 4, 8);

        CommandLineRun all = engine("plan");
        assertThat(all.err()).isEmpty();
        assertThat(commands(all.out()).getLast())
                .contains(
                        "--lora_target_modules attn_q attn_k attn_v mlp_h_to_4h mlp_gate"
                                + " mlp_4h_to_h --max_lora_rank");
        assertThat(all.out())
                .contains("all, but TensorRT-LLM takes adapters of attn_dense for matrices of")
                .contains("hidden_size 24 on both sides");

        CommandLineRun named =
                engine(
                        "plan",
                        "--set",
                        "trt_llm.build.lora_configuration.lora_target_modules=[q_proj, o_proj]");
        assertThat(named.exitCode()).isEqualTo(1);
        assertThat(named.err())
                .contains("lora_target_modules: TensorRT-LLM takes adapters of attn_dense");

        CommandLineRun.of(
                "bench",
                "adapters",
                folder.resolve("base").toString(),
                folder.resolve("adapters").toString(),
                "--count",
                "1",
                "--rank",
                "4");
        Files.writeString(
                file,
                FILE + "    lora_adapters: {one: {source: FILE, repo: adapters/lora-0001}}\n");
        CommandLineRun adapter = engine("plan");
        assertThat(adapter.exitCode()).isEqualTo(1);
        assertThat(adapter.err())
                .contains("adapter one: TensorRT-LLM takes adapters of attn_dense");
    }

    @Test
    void refusesAdaptersOfKeysWhereGpusOutnumberTheirHeads() {
        CommandLineRun run =
                engine(
                        "plan",
                        "--set",
                        "trt_llm.build.tensor_parallel_count=4",
                        "--set",
                        "resources.accelerator=H100:4",
                        "--set",
                        "trt_llm.build.lora_configuration.lora_target_modules=[q_proj, k_proj]");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("adapters of attn_k for matrices with a head for each of 4 GPUs; this")
                .doesNotContain("attn_q");
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

    /**
     * The figures were computed by hand. q and o are 4096 values wide, k and v 2304, gate, up and
     * down 10240. A page has slots of 2304 values, 2 + 1 + 1 + 2 + 3 * 5 of them for each of 16
     * ranks in 2 layers, with 2 bytes a value: 3,096,576 bytes. The weights have 59,768,832 values
     * a layer and 204,800 of the embedding: 239,484,928 bytes. Of a T4's 16 GB 5 % are for the
     * engine, so 14,960,515,072 bytes are left. 400 adapters take 8.279 % of them; of 4096 only
     * 2415 fit in half of them, 49.986 %.
     */
    @ParameterizedTest
    @CsvSource({
        "T4, 100, 0.0500, for 100 of 100 adapters",
        "T4, 400, 0.0828, for 400 of 400 adapters",
        "T4, 4096, 0.4999, for 2415 of 4096 adapters",
        "L40, 100, 0.1000, the memory of L40 is not known"
    })
    void givesAdaptersTheirShareOfWhatTheWeightsLeave(
            String gpu, int adapters, String fraction, String note) throws IOException {
        writeBase(2048, 8192, 16, 128);

        CommandLineRun run =
                engine(
                        "plan",
                        "--set",
                        "resources.accelerator=" + gpu,
                        "--set",
                        "weft.inference.max-loras=" + adapters);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("\"lora_cache_gpu_memory_fraction\" value: { string_value: \"" + fraction)
                .contains(
                        "\"lora_cache_host_memory_bytes\" value: { string_value: \""
                                + adapters * 3_096_576L)
                .contains(note);
    }

    @Test
    void takesWhatTheFileSaysOfTheAdaptersCaches() {
        CommandLineRun run =
                engine(
                        "plan",
                        "--set",
                        "trt_llm.runtime={lora_cache_max_adapter_size: 64,"
                                + " lora_cache_optimal_adapter_size: 8,"
                                + " lora_cache_gpu_memory_fraction: 0.2,"
                                + " lora_cache_host_memory_bytes: 2GiB}");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("\"lora_cache_max_adapter_size\" value: { string_value: \"64\"")
                .contains("\"lora_cache_optimal_adapter_size\" value: { string_value: \"8\"")
                .contains("\"lora_cache_gpu_memory_fraction\" value: { string_value: \"0.2000\"")
                .contains("\"lora_cache_host_memory_bytes\" value: { string_value: \"2147483648\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lora_cache_max_adapter_size=8 | lora_cache_max_adapter_size is 8: adapters may"
                        + " have rank 16",
                "lora_cache_host_memory_bytes=1KiB | lora_cache_host_memory_bytes is 1024: one"
                        + " adapter of rank 16 takes 27648"
            })
    void refusesCachesThatHoldNoAdapter(String setting, String message) {
        CommandLineRun run = engine("plan", "--set", "trt_llm.runtime." + setting);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(message);
    }

    @Test
    void saysWhenTheWeightsLeaveNoRoomForAnAdapter() throws IOException {
        writeBase(8192, 28672, 64, 128);
        Path config = folder.resolve("base/config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"num_hidden_layers\":2", "\"num_hidden_layers\":12"));

        CommandLineRun run = engine("plan", "--set", "resources.accelerator=T4");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("resources.accelerator is T4: its weights take");
    }

    @Test
    void refusesABaseThatIsNone() throws IOException {
        Files.writeString(folder.resolve("base/config.json"), CONFIG.replace("llama", "gpt2"));

        CommandLineRun run = engine("plan");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the checkpoint FILE:", "gpt2");
    }
}
