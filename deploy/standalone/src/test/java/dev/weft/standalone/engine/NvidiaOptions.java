package dev.weft.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The options that a plan may have and that NVIDIA's tools of TensorRT-LLM 1.2 accept, with the
 * allowed values. The source is the argument parsers of trtllm-build
 * (tensorrt_llm/commands/build.py and plugin/plugin.py),
 * examples/models/core/{llama,qwen}/convert_checkpoint.py and examples/quantization/quantize.py.
 * The check is as strict as argparse, which accepts no other options.
 */
final class NvidiaOptions {
    private static final String FLAG = "";
    private static final String TEXT = ".+";
    private static final String NUMBER = "-?\\d+";
    private static final String FRACTION = "\\d+(\\.\\d+)?";
    private static final String ON_OFF = "enable|disable";
    private static final String TYPE = "auto|float16|bfloat16|float32";
    private static final String PLUGIN = TYPE + "|int32|disable";
    private static final String MODULES =
            "((attn_qkv|attn_q|attn_k|attn_v|attn_dense|mlp_h_to_4h|mlp_4h_to_h|mlp_gate) ?)+";

    private static final Map<String, String> CONVERT_QWEN =
            Map.ofEntries(
                    Map.entry("--model_dir", TEXT),
                    Map.entry("--output_dir", TEXT),
                    Map.entry("--tp_size", NUMBER),
                    Map.entry("--pp_size", NUMBER),
                    Map.entry("--dtype", TYPE),
                    Map.entry("--use_weight_only", FLAG),
                    Map.entry("--weight_only_precision", "int8|int4|int4_gptq|int8_gptq"),
                    Map.entry("--calib_dataset", TEXT),
                    Map.entry("--smoothquant", FRACTION),
                    Map.entry("--per_channel", FLAG),
                    Map.entry("--per_token", FLAG),
                    Map.entry("--int8_kv_cache", FLAG),
                    Map.entry("--workers", NUMBER));

    private static final Map<String, String> CONVERT_LLAMA =
            with(CONVERT_QWEN, "--calib_size", "--calib_max_seq_length");

    private static final Map<String, String> QUANTIZE =
            Map.ofEntries(
                    Map.entry("--model_dir", TEXT),
                    Map.entry("--output_dir", TEXT),
                    Map.entry("--tp_size", NUMBER),
                    Map.entry("--pp_size", NUMBER),
                    Map.entry("--dtype", TYPE),
                    Map.entry(
                            "--qformat",
                            "nvfp4|fp8|int8_sq|int4_awq|w4a8_awq|int8_wo|int4_wo|full_prec"),
                    Map.entry("--kv_cache_dtype", "int8|fp8"),
                    Map.entry("--calib_dataset", TEXT),
                    Map.entry("--calib_size", NUMBER),
                    Map.entry("--calib_max_seq_length", NUMBER),
                    Map.entry("--batch_size", NUMBER));

    private static final Map<String, String> BUILD =
            Map.ofEntries(
                    Map.entry("--checkpoint_dir", TEXT),
                    Map.entry("--output_dir", TEXT),
                    Map.entry("--max_batch_size", NUMBER),
                    Map.entry("--max_input_len", NUMBER),
                    Map.entry("--max_seq_len", NUMBER),
                    Map.entry("--max_beam_width", NUMBER),
                    Map.entry("--max_num_tokens", NUMBER),
                    Map.entry("--opt_num_tokens", NUMBER),
                    Map.entry("--kv_cache_type", "continuous|paged|disabled"),
                    Map.entry("--workers", NUMBER),
                    Map.entry("--gather_context_logits", FLAG),
                    Map.entry("--gather_generation_logits", FLAG),
                    Map.entry("--gather_all_token_logits", FLAG),
                    Map.entry("--lora_target_modules", MODULES),
                    Map.entry("--max_lora_rank", NUMBER),
                    Map.entry("--gpt_attention_plugin", PLUGIN),
                    Map.entry("--gemm_plugin", PLUGIN + "|fp8|nvfp4"),
                    Map.entry("--lora_plugin", PLUGIN),
                    Map.entry("--context_fmha", ON_OFF),
                    Map.entry("--remove_input_padding", ON_OFF),
                    Map.entry("--tokens_per_block", NUMBER),
                    Map.entry("--use_paged_context_fmha", ON_OFF),
                    Map.entry("--use_fp8_context_fmha", ON_OFF));

    private NvidiaOptions() {}

    private static Map<String, String> with(Map<String, String> options, String... numbers) {
        var all = new java.util.HashMap<>(options);
        for (String number : numbers) {
            all.put(number, NUMBER);
        }
        return Map.copyOf(all);
    }

    /** Checks that the tool accepts each option of a command line, and its value. */
    static void assertTaken(String command) {
        Map<String, String> known = tool(command);
        List<String> options = new ArrayList<>();
        for (String part : command.split(" (?=--)", -1)) {
            if (!part.startsWith("--")) {
                continue; // the command itself
            }
            String[] words = part.strip().split(" ", 2);
            assertThat(known).as(command).containsKey(words[0]);
            String value = words.length == 1 ? "" : words[1];
            assertThat(value)
                    .as(words[0])
                    .matches(Pattern.compile(Objects.requireNonNull(known.get(words[0]))));
            options.add(words[0]);
        }
        assertThat(options).as(command).isNotEmpty().doesNotHaveDuplicates();
    }

    private static Map<String, String> tool(String command) {
        if (command.contains("/llama/convert_checkpoint.py")) {
            return CONVERT_LLAMA;
        }
        if (command.contains("/qwen/convert_checkpoint.py")) {
            return CONVERT_QWEN;
        }
        return command.contains("/quantize.py") ? QUANTIZE : BUILD;
    }
}
