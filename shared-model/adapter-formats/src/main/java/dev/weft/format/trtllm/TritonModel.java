package dev.weft.format.trtllm;

import dev.weft.format.npy.NpyType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model of Triton's backend {@code tensorrtllm}: the values of its config.pbtxt.
 *
 * @param name of the model, and of its folder in the repository
 * @param engine folder of the engine that trtllm-build made, absolute
 */
public record TritonModel(
        String name, Path engine, Scheduling scheduling, Lora lora, KvCache kvCache) {
    /**
     * How requests share steps.
     *
     * @param maxBatchSize requests of a step
     * @param chunkedContext prefill works in pieces
     * @param policy in the backend's words
     */
    public record Scheduling(int maxBatchSize, boolean chunkedContext, String policy) {}

    /**
     * The adapters' caches.
     *
     * @param type of the engine's lora_plugin
     * @param ranks for which the caches are laid out
     * @param hostBytes of the cache in host memory
     * @param gpuFraction of the GPU memory that the weights leave
     */
    public record Lora(
            NpyType type, LoraCacheSize.Ranks ranks, long hostBytes, double gpuFraction) {}

    /**
     * The KV cache.
     *
     * @param gpuFraction of the GPU memory that weights and adapters leave
     * @param hostBytes null means none
     * @param reuse requests with the same beginning share blocks; needs an engine with paged
     *     context
     */
    public record KvCache(double gpuFraction, @Nullable Long hostBytes, boolean reuse) {}

    /** The path of the worker of engines that share GPUs, in the NGC image. */
    private static final String EXECUTOR_WORKER =
            "/opt/tritonserver/backends/tensorrtllm/trtllmExecutorWorker";

    private static final String BEAMS = "1";

    /** The longest time that a cancel may go unseen; a step takes about as long. */
    private static final String CANCELLATION_CHECK_MILLIS = "10";

    /**
     * What the backend reads outside any try, so that a model without them does not load
     * (getGuidedDecodingConfigFromParams of TensorRT-LLM 1.2's model_instance_state.cc). Empty
     * means that TensorRT-LLM is given no grammars.
     */
    private static final List<String> DEMANDED_AND_UNUSED =
            List.of("tokenizer_dir", "xgrammar_tokenizer_info_path", "guided_decoding_backend");

    /** The text of config.pbtxt; no placeholder is left in it. */
    public String configText() {
        return """
        name: "%s"
        backend: "tensorrtllm"
        max_batch_size: %d
        model_transaction_policy { decoupled: True }
        dynamic_batching {
          preferred_batch_size: [ %d ]
          max_queue_delay_microseconds: 0
          default_queue_policy: { max_queue_size: 0 }
        }
        input %s
        output %s
        instance_group [ { count: 1 kind: KIND_CPU } ]
        %s\
        """
                .formatted(
                        name,
                        scheduling.maxBatchSize,
                        scheduling.maxBatchSize,
                        TritonTensors.inputs(tritonType()),
                        TritonTensors.outputs(),
                        parameterText());
    }

    /** Triton's name of the type. */
    private String tritonType() {
        return switch (lora.type) {
            case FLOAT16 -> "TYPE_FP16";
            case FLOAT32 -> "TYPE_FP32";
            case BFLOAT16 -> "TYPE_BF16";
            case INT32 -> throw new IllegalStateException("lora_plugin is not an integer");
        };
    }

    /** The parameters that differ from the backend's own defaults, or that it asks for. */
    private Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("gpt_model_type", "inflight_fused_batching");
        parameters.put("gpt_model_path", engine.toString());
        parameters.put("executor_worker_path", EXECUTOR_WORKER);
        parameters.put("FORCE_CPU_ONLY_INPUT_TENSORS", "no");
        parameters.put("max_beam_width", BEAMS);
        parameters.put("batch_scheduler_policy", scheduling.policy);
        parameters.put("kv_cache_free_gpu_mem_fraction", decimal(kvCache.gpuFraction));
        if (kvCache.hostBytes != null) {
            parameters.put("kv_cache_host_memory_bytes", kvCache.hostBytes.toString());
        }
        parameters.put("enable_kv_cache_reuse", String.valueOf(kvCache.reuse));
        parameters.put("enable_chunked_context", String.valueOf(scheduling.chunkedContext));
        parameters.put("exclude_input_in_output", "true");
        // true, the backend's default, means among the top_k tokens: always 0 if that is one token
        parameters.put("normalize_log_probs", "false");
        parameters.put("cancellation_check_period_ms", CANCELLATION_CHECK_MILLIS);
        parameters.put("lora_cache_max_adapter_size", String.valueOf(lora.ranks.max()));
        parameters.put("lora_cache_optimal_adapter_size", String.valueOf(lora.ranks.optimal()));
        parameters.put("lora_cache_gpu_memory_fraction", decimal(lora.gpuFraction));
        parameters.put("lora_cache_host_memory_bytes", String.valueOf(lora.hostBytes));
        for (String name : DEMANDED_AND_UNUSED) {
            parameters.put(name, "");
        }
        return parameters;
    }

    private String parameterText() {
        var text = new StringBuilder();
        parameters()
                .forEach((key, value) ->
                        text.append("parameters { key: \"")
                                .append(key)
                                .append("\" value: { string_value: \"")
                                .append(escaped(value))
                                .append("\" } }\n"));
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
