package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.triton.TritonOptions;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import dev.weft.standalone.engine.EngineCommand;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Loads the output of {@code engine build} with Triton's own library. Triton parses and checks each
 * config.pbtxt, and the test backend runs the engine that it names. NVIDIA's tools are replaced by
 * {@link EngineTools}.
 */
@OnTriton
class LoadedEngineTest {
    /** The parameters that NVIDIA's backend of 1.2 reads; others would have no effect. */
    private static final Set<String> PARAMETERS =
            Set.of(
                    "gpt_model_type",
                    "gpt_model_path",
                    "executor_worker_path",
                    "FORCE_CPU_ONLY_INPUT_TENSORS",
                    "max_beam_width",
                    "batch_scheduler_policy",
                    "kv_cache_free_gpu_mem_fraction",
                    "kv_cache_host_memory_bytes",
                    "enable_kv_cache_reuse",
                    "enable_chunked_context",
                    "exclude_input_in_output",
                    "normalize_log_probs",
                    "cancellation_check_period_ms",
                    "lora_cache_max_adapter_size",
                    "lora_cache_optimal_adapter_size",
                    "lora_cache_gpu_memory_fraction",
                    "lora_cache_host_memory_bytes",
                    "tokenizer_dir",
                    "xgrammar_tokenizer_info_path",
                    "guided_decoding_backend");

    private static EngineTools tools;

    @TempDir Path folder;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws IOException {
        TestBackend.load();
        tools = new EngineTools(folder, Sample.base());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trt_llm.build.max_batch_size=4 | TYPE_FP16 | max_batch_size | 4",
                "trt_llm.build.plugin_configuration.lora_plugin=bfloat16 | TYPE_BF16 |"
                        + " max_batch_size | 256",
                "trt_llm.build.plugin_configuration.lora_plugin=float32 | TYPE_FP32 |"
                        + " lora_cache_host_memory_bytes | 24576000",
                "trt_llm.build.max_lora_rank=32 | TYPE_FP16 | lora_cache_max_adapter_size | 32",
                "weft.inference.max-loras=40 | TYPE_FP16 | lora_cache_host_memory_bytes | 30720000",
                "weft.inference.host-cache-bytes=1GiB | TYPE_FP16 | lora_cache_host_memory_bytes |"
                        + " 1086029824",
                "resources.accelerator=L4 | TYPE_FP16 | lora_cache_gpu_memory_fraction | 0.0500",
                "trt_llm.runtime={enable_chunked_context: false, kv_cache_host_memory_bytes: 1GiB,"
                        + " batch_scheduler_policy: max_utilization} | TYPE_FP16 |"
                        + " batch_scheduler_policy | max_utilization",
                "trt_llm.build.plugin_configuration={use_paged_context_fmha: true, lora_plugin:"
                        + " float16} | TYPE_FP16 | enable_kv_cache_reuse | true",
                "weft.inference.prefix-cache=false | TYPE_FP16 | enable_kv_cache_reuse | false",
                "weft.triton.model=desk | TYPE_FP16 | name | desk"
            })
    void isLoadedByTriton(String setting, String type, String key, String value) throws Exception {
        List<String> settings = new ArrayList<>(List.of(setting));
        build(settings);
        String model = setting.startsWith("weft.triton.model=") ? "desk" : "tensorrt_llm";

        JsonNode config = loaded(model);

        assertThat(found(config, key)).isEqualTo(value);
        assertThat(config.at("/model_transaction_policy/decoupled").asBoolean()).isTrue();
        assertThat(input(config, "lora_weights").path("data_type").asString()).isEqualTo(type);
        assertThat(PARAMETERS).containsAll(config.path("parameters").propertyNames());
    }

    @Test
    void isLoadedByTritonForTwoGpus() throws Exception {
        build(List.of("trt_llm.build.tensor_parallel_count=2", "resources.accelerator=H100:2"));

        JsonNode config = loaded("tensorrt_llm");

        assertThat(Path.of(found(config, "gpt_model_path")).resolve("rank1.engine"))
                .isRegularFile();
        // half of each layer on each GPU
        assertThat(found(config, "lora_cache_host_memory_bytes")).isEqualTo("8847360");
    }

    /** A worker checks and serves the built engine; each model answers as the sample does. */
    @Test
    void isServedByAWorker() throws Exception {
        build(List.of("trt_llm.build.max_batch_size=16"));
        Sample.Prompt prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> Sample.MODELS.stream().noneMatch(m -> p.of(m).close()))
                        .findFirst()
                        .orElseThrow();
        try (RunningFleet fleet =
                        RunningFleet.start(
                                Sample.deploymentFile(),
                                folder.resolve("data"),
                                "trt_llm.build.max_batch_size=16",
                                "weft.engine=tensorrt-llm",
                                "weft.triton.model-repository=" + folder.resolve("models"),
                                "weft.triton.backends=" + TestBackend.backends());
                Client client = new Client(fleet.gateway())) {
            for (String name : Sample.MODELS) {
                assertThat(client.ask(name, prompt.text()))
                        .as(name)
                        .isEqualTo(prompt.of(name).answer());
            }
        }
    }

    private void build(List<String> settings) {
        List<String> command =
                new ArrayList<>(List.of("build", Sample.deploymentFile().toString()));
        command.addAll(tools.options());
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        List<String> all = new ArrayList<>(settings);
        all.add("weft.triton.model-repository=" + folder.resolve("models"));
        for (String setting : all) {
            command.addAll(List.of("--set", setting));
        }
        StringWriter said = new StringWriter();
        int code =
                new CommandLine(new EngineCommand())
                        .setOut(new PrintWriter(said))
                        .setErr(new PrintWriter(said))
                        .execute(command.toArray(String[]::new));
        assertThat(code).as(said.toString()).isZero();
        assertThat(folder.resolve("models")).isNotEmptyDirectory();
    }

    /** The configuration as Triton understands it. */
    private JsonNode loaded(String model) {
        try (TritonServer server =
                TritonServer.start(
                        new TritonOptions(
                                folder.resolve("models"),
                                TestBackend.backends(),
                                false,
                                Duration.ofSeconds(1)))) {
            server.load(model);
            assertThat(server.isReady(model)).isTrue();
            JsonNode config = JsonMapper.shared().readTree(server.config(model));
            server.unload(model);
            return config;
        }
    }

    private static String found(JsonNode config, String key) {
        JsonNode parameter = config.path("parameters").path(key).path("string_value");
        return (parameter.isMissingNode() ? config.path(key) : parameter).asString();
    }

    private static JsonNode input(JsonNode config, String name) {
        for (JsonNode input : config.path("input")) {
            if (input.path("name").asString("").equals(name)) {
                return input;
            }
        }
        throw new AssertionError("no input " + name);
    }
}
