package dev.weft.format.trtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.npy.NpyType;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TritonModelTest {
    @Test
    void declaresEveryInputAndOutputThatTheWorkerMaySendOrAskFor() {
        String text = model(NpyType.FLOAT16, 1L).configText();

        assertThat(names(section(text, "input ")))
                .contains(
                        "input_ids",
                        "input_lengths",
                        "request_output_len",
                        "end_id",
                        "pad_id",
                        "stop_words_list",
                        "bad_words_list",
                        "temperature",
                        "runtime_top_k",
                        "runtime_top_p",
                        "repetition_penalty",
                        "presence_penalty",
                        "frequency_penalty",
                        "min_tokens",
                        "seed",
                        "return_log_probs",
                        "streaming",
                        "stop",
                        "lora_task_id",
                        "lora_weights",
                        "lora_config")
                .doesNotHaveDuplicates()
                .hasSize(62);
        assertThat(names(section(text, "output ")))
                .contains("output_ids", "sequence_length", "cum_log_probs", "output_log_probs")
                .doesNotHaveDuplicates()
                .hasSize(21);
    }

    @Test
    void sendsOnlyWhatEveryRequestHasWithoutAskingForMore() {
        String inputs = section(model(NpyType.FLOAT16, 1L).configText(), "input ");

        List<String> required =
                Pattern.compile("\\{[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}")
                        .matcher(inputs)
                        .results()
                        .map(MatchResult::group)
                        .filter(input -> !input.contains("optional: true"))
                        .flatMap(input -> names(input).stream())
                        .toList();

        assertThat(required).containsExactly("input_lengths", "request_output_len");
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, TYPE_FP16", "FLOAT32, TYPE_FP32", "BFLOAT16, TYPE_BF16"})
    void givesLoraWeightsTheTypeOfThePlugin(NpyType type, String triton) {
        assertThat(model(type, null).configText().replaceAll("\\s+", " "))
                .contains("name: \"lora_weights\" data_type: " + triton + " dims: [ -1, -1 ]");
    }

    @Test
    void fillsAllParametersAndLeavesNoPlaceholder() {
        String text = model(NpyType.FLOAT16, 4096L).configText();

        assertThat(text)
                .doesNotContain("${")
                .contains("backend: \"tensorrtllm\"", "max_batch_size: 16", "decoupled: True")
                .contains(parameter("gpt_model_type", "inflight_fused_batching"))
                .contains(parameter("gpt_model_path", "/data/my \\\"engine\\\"/engine"))
                .contains(parameter("lora_cache_max_adapter_size", "64"))
                .contains(parameter("lora_cache_optimal_adapter_size", "16"))
                .contains(parameter("lora_cache_gpu_memory_fraction", "0.1250"))
                .contains(parameter("lora_cache_host_memory_bytes", "123456"))
                .contains(parameter("kv_cache_free_gpu_mem_fraction", "0.9000"))
                .contains(parameter("kv_cache_host_memory_bytes", "4096"))
                .contains(parameter("batch_scheduler_policy", "guaranteed_no_evict"))
                .contains(parameter("exclude_input_in_output", "true"))
                .contains(parameter("normalize_log_probs", "false"));
        assertThat(model(NpyType.FLOAT16, null).configText())
                .doesNotContain("kv_cache_host_memory_bytes");
    }

    /** The backend reads these without a default: a model that lacks one does not load. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt_model_type",
                "tokenizer_dir",
                "xgrammar_tokenizer_info_path",
                "guided_decoding_backend"
            })
    void hasEveryParameterThatTheBackendDemands(String name) {
        assertThat(model(NpyType.FLOAT16, null).configText())
                .containsOnlyOnce("key: \"" + name + "\"");
    }

    /** Any other value would have TensorRT-LLM look for XGrammar's file. */
    @Test
    void givesTensorRtLlmNoGrammars() {
        assertThat(model(NpyType.FLOAT16, null).configText())
                .contains(parameter("tokenizer_dir", ""))
                .contains(parameter("xgrammar_tokenizer_info_path", ""))
                .contains(parameter("guided_decoding_backend", ""));
    }

    private static TritonModel model(NpyType lora, @Nullable Long kvHost) {
        return new TritonModel(
                "tensorrt_llm",
                Path.of("/data/my \"engine\"/engine"),
                new TritonModel.Scheduling(16, true, "guaranteed_no_evict"),
                new TritonModel.Lora(lora, new LoraCacheSize.Ranks(32, 64, 16), 123456, 0.125),
                new TritonModel.KvCache(0.9, kvHost, true));
    }

    private static String parameter(String key, String value) {
        return "parameters { key: \"" + key + "\" value: { string_value: \"" + value + "\" } }";
    }

    private static String section(String text, String start) {
        int from = text.indexOf("\n" + start + "[");
        return text.substring(from, text.indexOf("\n]", from));
    }

    private static List<String> names(String text) {
        return Pattern.compile("name: \"(\\w+)\"")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
