package dev.weft.standalone.engine;

import dev.weft.deployment.truss.TensorRtSettings.Calibration;
import dev.weft.deployment.truss.TensorRtSettings.QuantizationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Truss's quantisation types as options of TensorRT-LLM 1.2's convert_checkpoint.py and
 * quantization/quantize.py.
 */
final class QuantizationArguments {
    private static final String KEY = "trt_llm.build.quantization_config.";

    private QuantizationArguments() {}

    static String word(QuantizationType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** True for fp8 types: another script calibrates them, and writes the checkpoint too. */
    static boolean byQuantize(QuantizationType type) {
        return type == QuantizationType.FP8 || type == QuantizationType.FP8_KV;
    }

    /** True if texts are run through the base first. */
    static boolean calibrates(QuantizationType type) {
        return switch (type) {
            case FP8, FP8_KV, WEIGHTS_KV_INT8, WEIGHTS_INT4_KV_INT8 -> true;
            case NO_QUANT, WEIGHTS_INT8, WEIGHTS_INT4, SMOOTH_QUANT, FP4, FP4_KV, FP4_MLP_ONLY ->
                    false;
        };
    }

    static List<String> of(QuantizationType type) {
        return switch (type) {
            // FileDemands refuses the last four
            case NO_QUANT, SMOOTH_QUANT, FP4, FP4_KV, FP4_MLP_ONLY -> List.of();
            case WEIGHTS_INT8 -> weightOnly("int8");
            case WEIGHTS_INT4 -> weightOnly("int4");
            case WEIGHTS_KV_INT8 -> with(weightOnly("int8"), "--int8_kv_cache");
            case WEIGHTS_INT4_KV_INT8 -> with(weightOnly("int4"), "--int8_kv_cache");
            case FP8 -> List.of("--qformat", "fp8");
            case FP8_KV -> List.of("--qformat", "fp8", "--kv_cache_dtype", "fp8");
        };
    }

    private static List<String> weightOnly(String precision) {
        return List.of("--use_weight_only", "--weight_only_precision", precision);
    }

    private static List<String> with(List<String> arguments, String more) {
        var all = new ArrayList<>(arguments);
        all.add(more);
        return all;
    }

    /**
     * The options for {@code quantization_config}; adds a fault for a setting without a script
     * option.
     */
    static List<String> calibration(
            QuantizationType type, Calibration asked, String family, PlanFaults faults) {
        var arguments = new ArrayList<String>();
        add(arguments, "--calib_dataset", asked.dataset());
        add(arguments, "--calib_size", asked.size());
        add(arguments, "--calib_max_seq_length", asked.maxSeqLength());
        if (!calibrates(type)) {
            if (!arguments.isEmpty()) {
                faults.add(
                        KEY + "*",
                        String.join(" ", arguments),
                        "quantization_type "
                                + word(type)
                                + " is not calibrated; leave quantization_config out");
            }
            return List.of();
        }
        boolean qwen = family.startsWith("qwen");
        if (qwen && !byQuantize(type)) {
            refuse(KEY + "calib_size", asked.size(), type, faults);
            refuse(KEY + "calib_max_seq_length", asked.maxSeqLength(), type, faults);
        }
        return arguments;
    }

    private static void refuse(
            String key, @Nullable Integer asked, QuantizationType type, PlanFaults faults) {
        if (asked != null) {
            String why = "TensorRT-LLM's converter of qwen has no option for it with ";
            faults.add(key, asked, why + word(type) + "; leave the key out");
        }
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        if (value != null) {
            arguments.add(option);
            arguments.add(value.toString());
        }
    }
}
