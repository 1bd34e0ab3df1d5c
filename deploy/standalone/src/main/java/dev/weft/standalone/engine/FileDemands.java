package dev.weft.standalone.engine;

import dev.weft.deployment.EffectiveDeployment;
import dev.weft.deployment.truss.TensorRtSettings;
import dev.weft.deployment.truss.TensorRtSettings.Build;
import dev.weft.deployment.truss.TensorRtSettings.QuantizationType;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds settings of a file that the builder can't meet; each becomes a fault that names it. */
final class FileDemands {
    private static final String BUILD = "trt_llm.build.";

    /** Truss's keys that the builder doesn't know, with the values that have no effect. */
    private static final Map<String, Set<String>> NOTHING_ASKED =
            Map.of(
                    "max_prompt_embedding_table_size", Set.of("0"),
                    "sequence_parallel_count", Set.of("1"),
                    "moe_expert_parallel_option", Set.of("-1"),
                    // trtllm-build's engines are strongly typed in any case
                    "strongly_typed", Set.of("true", "false"),
                    "skip_build_result", Set.of("false"),
                    "speculator", Set.of("null"));

    private static final String ALLOWED = " no_quant, the weights_ types, fp8 and fp8_kv";

    /**
     * The multiple to which sizes are padded on each GPU; see WeightOnlyQuantLinear in
     * tensorrt_llm/quantization/layers.py.
     */
    private static final int WEIGHT_ONLY_MULTIPLE = 64;

    private final TensorRtSettings settings;
    private final ModelConfig base;
    private final PlanFaults faults;

    FileDemands(TensorRtSettings settings, ModelConfig base, PlanFaults faults) {
        this.settings = settings;
        this.base = base;
        this.faults = faults;
    }

    void check(EffectiveDeployment effective) {
        effective.unknownBelow("trt_llm").forEach(this::unknown);
        quantization();
        attention();
        PromptAttention.of(effective.deployment())
                .obstacle()
                .ifPresent(why -> readNoCache(effective, why + "; leave the key out"));
        fp8(effective);
        parallel();
    }

    /**
     * Adds faults for keys that need to read the cache, if the file itself sets them; the defaults
     * give way.
     */
    private void readNoCache(EffectiveDeployment effective, String why) {
        String chunked = "trt_llm.runtime.enable_chunked_context";
        if (effective.isGiven(chunked) && settings.serving().enableChunkedContext()) {
            faults.add(chunked, "true", why);
        }
        String paged = BUILD + "plugin_configuration.use_paged_context_fmha";
        if (effective.isGiven(paged) && settings.build().attention().usePagedContextFmha()) {
            faults.add(paged, "true", why);
        }
    }

    private void fp8(EffectiveDeployment effective) {
        String key = BUILD + "plugin_configuration.use_fp8_context_fmha";
        boolean asked = settings.build().attention().useFp8ContextFmha();
        if (effective.isGiven(key) && !asked && PromptAttention.of(effective.deployment()).fp8()) {
            faults.add(
                    key,
                    "false",
                    "trtllm-build turns it on for a KV cache of fp8 if use_paged_context_fmha is"
                            + " true; leave the key out");
        }
    }

    private void unknown(String key, @Nullable Object value) {
        String text = Objects.toString(value);
        if (key.equals("trt_llm.inference_stack")) {
            if (!text.equals("v1")) {
                faults.add(key, text, "an engine is built for v1 only");
            }
        } else if (key.startsWith(BUILD) && !isRepositorysSecret(key)) {
            Set<String> harmless =
                    NOTHING_ASKED.getOrDefault(key.substring(BUILD.length()), Set.of());
            if (!harmless.contains(text)) {
                faults.add(key, text, "engine build can't do that; leave the key out");
            }
        }
    }

    /**
     * True for a key of Baseten's that names the secret of a repository: no engine depends on it.
     */
    private static boolean isRepositorysSecret(String key) {
        return key.endsWith(".runtime_secret_name")
                && (key.startsWith(BUILD + "checkpoint_repository.")
                        || key.startsWith(BUILD + "lora_adapters."));
    }

    private void quantization() {
        QuantizationType type = settings.build().quantization().type();
        String word = QuantizationArguments.word(type);
        String key = BUILD + "quantization_type";
        switch (type) {
            case FP4, FP4_KV, FP4_MLP_ONLY ->
                    faults.add(
                            key,
                            word,
                            "TensorRT-LLM's LoRA plugin is not known to work on fp4 weights;"
                                    + " allowed are"
                                    + ALLOWED);
            case SMOOTH_QUANT ->
                    faults.add(
                            key,
                            word,
                            "TensorRT-LLM's layers of smooth_quant take no adapters; allowed are"
                                    + ALLOWED);
            case WEIGHTS_INT8, WEIGHTS_KV_INT8, WEIGHTS_INT4, WEIGHTS_INT4_KV_INT8 ->
                    weightOnly(key, word);
            case NO_QUANT, FP8, FP8_KV -> {}
        }
    }

    /**
     * Checks the sizes of layers with int8 or int4 weights: TensorRT-LLM pads them to a multiple,
     * and adapters would need the same padding.
     */
    private void weightOnly(String key, String word) {
        if (base.family().equals("qwen3")) {
            faults.add(key, word, "TensorRT-LLM converts qwen3 to no_quant, fp8 and fp8_kv only");
        }
        int multiple = WEIGHT_ONLY_MULTIPLE * settings.build().parallelism().tensorParallelCount();
        DecoderShape shape = base.shape();
        int heads = shape.attention().heads() * shape.attention().headDim();
        for (int width :
                new TreeSet<>(List.of(shape.hiddenSize(), shape.intermediateSize(), heads))) {
            if (width % multiple != 0) {
                faults.add(
                        key,
                        word,
                        "the base's width %d is not a multiple of %d: TensorRT-LLM pads such layers and takes no adapters for them; allowed are no_quant, fp8 and fp8_kv"
                                .formatted(width, multiple));
            }
        }
    }

    private void attention() {
        Build build = settings.build();
        String plugins = BUILD + "plugin_configuration.";
        if (!build.attention().pagedKvCache()) {
            faults.add(
                    plugins + "paged_kv_cache",
                    "false",
                    "requests that join and leave a batch need pages; allowed is true");
        }
        if (settings.serving().enableChunkedContext() && !build.attention().usePagedContextFmha()) {
            faults.add(
                    plugins + "use_paged_context_fmha",
                    "false",
                    "trt_llm.runtime.enable_chunked_context is true and needs it; set this key"
                            + " to true or that one to false");
        }
        boolean fp8 = build.quantization().type() == QuantizationType.FP8_KV;
        if (build.attention().useFp8ContextFmha()
                && !(fp8 && build.attention().usePagedContextFmha())) {
            faults.add(
                    plugins + "use_fp8_context_fmha",
                    "true",
                    "needs quantization_type fp8_kv and use_paged_context_fmha");
        }
    }

    private void parallel() {
        Build build = settings.build();
        if (build.parallelism().pipelineParallelCount() > 1) {
            faults.add(
                    BUILD + "pipeline_parallel_count",
                    build.parallelism().pipelineParallelCount(),
                    "a worker runs all layers of an engine; allowed is 1");
        }
        int gpus = build.parallelism().tensorParallelCount();
        String key = BUILD + "tensor_parallel_count";
        DecoderShape shape = base.shape();
        int kvHeads = shape.attention().kvHeads();
        divides(key, gpus, "heads", shape.attention().heads());
        divides(key, gpus, "units of the MLP", shape.intermediateSize());
        if (kvHeads % gpus != 0 && gpus % kvHeads != 0) {
            faults.add(key, gpus, "does not divide the base's " + kvHeads + " KV heads");
        }
        String accelerator = settings.accelerator();
        if (accelerator != null && Accelerator.count(accelerator) < gpus) {
            faults.add(
                    key,
                    gpus,
                    "resources.accelerator is "
                            + accelerator
                            + ", which is "
                            + Accelerator.count(accelerator)
                            + "; name as many, e.g. "
                            + Accelerator.kind(accelerator)
                            + ":"
                            + gpus);
        }
    }

    private void divides(String key, int gpus, String what, int count) {
        if (count % gpus != 0) {
            faults.add(key, gpus, "does not divide the base's " + count + " " + what);
        }
    }
}
