package dev.weft.deployment;

import dev.weft.deployment.TextTypes.Spelling;
import dev.weft.format.trtllm.TensorRtSettings.QuantizationType;
import dev.weft.format.trtllm.TensorRtSettings.SchedulerPolicy;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys of a Truss file that decide about a TensorRT-LLM engine; names and bounds are Truss's.
 */
final class TensorRtKeys {
    private static final String BUILD = "trt_llm.build.";
    private static final String PLUGINS = BUILD + "plugin_configuration.";
    private static final String CALIBRATION = BUILD + "quantization_config.";
    private static final String RUNTIME = "trt_llm.runtime.";

    private static final KeyType<Integer> CALIBRATION_SIZE =
            NumberTypes.integer(
                    n -> n >= 64 && n <= 16384 && n % 64 == 0, "64 to 16384, a multiple of 64");

    static final Key<Integer> MAX_SEQ_LEN =
            Key.noDefault(
                    BUILD + "max_seq_len",
                    NumberTypes.integer(1, 1 << 20),
                    "the model's own limit",
                    "Tokens of prompt and answer together that a TensorRT-LLM engine is built"
                            + " for.");
    static final Key<Integer> MAX_BATCH_SIZE =
            Key.of(
                    BUILD + "max_batch_size",
                    NumberTypes.integer(1, 2048),
                    256,
                    "Requests that share a step of a TensorRT-LLM engine.");
    static final Key<Integer> MAX_NUM_TOKENS =
            Key.of(
                    BUILD + "max_num_tokens",
                    NumberTypes.integer(65, 1 << 20),
                    8192,
                    "Tokens of one step of a TensorRT-LLM engine.");
    static final Key<Integer> MAX_BEAM_WIDTH =
            Key.of(
                    BUILD + "max_beam_width",
                    NumberTypes.integer(1, 1),
                    1,
                    "Beams of a TensorRT-LLM engine.");
    static final Key<QuantizationType> QUANTIZATION_TYPE =
            Key.of(
                    BUILD + "quantization_type",
                    TextTypes.oneOf(QuantizationType.class, Spelling.SNAKE),
                    QuantizationType.NO_QUANT,
                    "Precision of a TensorRT-LLM engine's weights and KV cache; `engine build`"
                            + " refuses the fp4 types and smooth_quant.");
    static final Key<Integer> CALIB_SIZE =
            Key.noDefault(
                    CALIBRATION + "calib_size",
                    CALIBRATION_SIZE,
                    "what NVIDIA's tool takes",
                    "Texts that a quantisation is calibrated with.");
    static final Key<String> CALIB_DATASET =
            Key.noDefault(
                    CALIBRATION + "calib_dataset",
                    TextTypes.matching(
                            Pattern.compile("[^-\\s]\\S*"), "a dataset of the hub or a folder"),
                    "what NVIDIA's tool takes",
                    "Dataset of these texts.");
    static final Key<Integer> CALIB_MAX_SEQ_LENGTH =
            Key.noDefault(
                    CALIBRATION + "calib_max_seq_length",
                    CALIBRATION_SIZE,
                    "what NVIDIA's tool takes",
                    "Tokens that each of these texts is cut to.");
    static final Key<Integer> TENSOR_PARALLEL_COUNT =
            Key.of(
                    BUILD + "tensor_parallel_count",
                    NumberTypes.integer(1, 64),
                    1,
                    "GPUs that share each layer of a TensorRT-LLM engine.");
    static final Key<Integer> PIPELINE_PARALLEL_COUNT =
            Key.of(
                    BUILD + "pipeline_parallel_count",
                    NumberTypes.integer(1, 64),
                    1,
                    "Stages of layers on GPUs of their own; `engine build` refuses more than 1.");
    static final Key<Integer> NUM_BUILDER_GPUS =
            Key.noDefault(
                    BUILD + "num_builder_gpus",
                    NumberTypes.integer(1, 64),
                    "1",
                    "GPUs that build parts of a TensorRT-LLM engine at the same time.");
    static final Key<Boolean> GATHER_ALL_TOKEN_LOGITS =
            Key.of(
                    BUILD + "gather_all_token_logits",
                    NumberTypes.flag(),
                    false,
                    "A TensorRT-LLM engine keeps the logits of every token.");
    static final Key<Boolean> PAGED_KV_CACHE =
            Key.of(
                    PLUGINS + "paged_kv_cache",
                    NumberTypes.flag(),
                    true,
                    "KV cache of a TensorRT-LLM engine in pages; `engine build` refuses false.");
    static final Key<Boolean> USE_PAGED_CONTEXT_FMHA =
            Key.of(
                    PLUGINS + "use_paged_context_fmha",
                    NumberTypes.flag(),
                    true,
                    "Prompts of a TensorRT-LLM engine read the paged KV cache: needed for its"
                            + " reuse and for prompts in pieces.");
    static final Key<Boolean> USE_FP8_CONTEXT_FMHA =
            Key.of(
                    PLUGINS + "use_fp8_context_fmha",
                    NumberTypes.flag(),
                    false,
                    "Attention over prompts in fp8; needs the quantisation type fp8_kv.");
    static final Key<List<LinearModule>> LORA_TARGET_MODULES =
            Key.noDefault(
                    BUILD + "lora_configuration.lora_target_modules",
                    ListType.of(new ModuleType()),
                    "those of the file's adapters, see docs/tensorrt-llm.md",
                    "Modules that adapters of a TensorRT-LLM engine may change.");
    static final Key<Double> KV_CACHE_FREE_GPU_MEM_FRACTION =
            Key.of(
                    RUNTIME + "kv_cache_free_gpu_mem_fraction",
                    NumberTypes.fraction(),
                    0.9,
                    "Share of the GPU memory that weights and adapters leave for the KV cache of a"
                            + " TensorRT-LLM engine.");
    static final Key<Long> KV_CACHE_HOST_MEMORY_BYTES =
            Key.noDefault(
                    RUNTIME + "kv_cache_host_memory_bytes",
                    NumberTypes.memory(1L << 50),
                    "none",
                    "Host memory that blocks of the KV cache of a TensorRT-LLM engine move to.");
    static final Key<Integer> LORA_CACHE_MAX_ADAPTER_SIZE =
            Key.noDefault(
                    RUNTIME + "lora_cache_max_adapter_size",
                    NumberTypes.integer(1, 1024),
                    "max_lora_rank",
                    "Largest rank that TensorRT-LLM's caches of adapters are laid out for.");
    static final Key<Integer> LORA_CACHE_OPTIMAL_ADAPTER_SIZE =
            Key.noDefault(
                    RUNTIME + "lora_cache_optimal_adapter_size",
                    NumberTypes.integer(1, 1024),
                    "max_lora_rank",
                    "Rank of an adapter that fills a page of these caches; larger ones take"
                            + " several.");
    static final Key<Double> LORA_CACHE_GPU_MEMORY_FRACTION =
            Key.noDefault(
                    RUNTIME + "lora_cache_gpu_memory_fraction",
                    NumberTypes.fraction(),
                    "worked out, see docs/tensorrt-llm.md",
                    "Share of the GPU memory that the weights leave, for adapters.");
    static final Key<Long> LORA_CACHE_HOST_MEMORY_BYTES =
            Key.noDefault(
                    RUNTIME + "lora_cache_host_memory_bytes",
                    NumberTypes.memory(1L << 50),
                    "worked out, see docs/tensorrt-llm.md",
                    "Host memory of TensorRT-LLM's cache of adapters.");
    static final Key<Boolean> ENABLE_CHUNKED_CONTEXT =
            Key.of(
                    RUNTIME + "enable_chunked_context",
                    NumberTypes.flag(),
                    true,
                    "A TensorRT-LLM engine works on long prompts in pieces.");
    static final Key<SchedulerPolicy> BATCH_SCHEDULER_POLICY =
            Key.of(
                    RUNTIME + "batch_scheduler_policy",
                    TextTypes.oneOf(SchedulerPolicy.class, Spelling.SNAKE),
                    SchedulerPolicy.GUARANTEED_NO_EVICT,
                    "Whether a TensorRT-LLM engine starts requests that it may have to pause.");
    static final List<Key<?>> ALL =
            List.of(
                    MAX_SEQ_LEN,
                    MAX_BATCH_SIZE,
                    MAX_NUM_TOKENS,
                    MAX_BEAM_WIDTH,
                    QUANTIZATION_TYPE,
                    CALIB_SIZE,
                    CALIB_DATASET,
                    CALIB_MAX_SEQ_LENGTH,
                    TENSOR_PARALLEL_COUNT,
                    PIPELINE_PARALLEL_COUNT,
                    NUM_BUILDER_GPUS,
                    GATHER_ALL_TOKEN_LOGITS,
                    PAGED_KV_CACHE,
                    USE_PAGED_CONTEXT_FMHA,
                    USE_FP8_CONTEXT_FMHA,
                    LORA_TARGET_MODULES,
                    KV_CACHE_FREE_GPU_MEM_FRACTION,
                    KV_CACHE_HOST_MEMORY_BYTES,
                    LORA_CACHE_MAX_ADAPTER_SIZE,
                    LORA_CACHE_OPTIMAL_ADAPTER_SIZE,
                    LORA_CACHE_GPU_MEMORY_FRACTION,
                    LORA_CACHE_HOST_MEMORY_BYTES,
                    ENABLE_CHUNKED_CONTEXT,
                    BATCH_SCHEDULER_POLICY);

    private TensorRtKeys() {}
}
