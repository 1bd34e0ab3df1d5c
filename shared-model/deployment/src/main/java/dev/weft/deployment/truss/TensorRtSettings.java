package dev.weft.deployment.truss;

import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings with which a TensorRT-LLM engine is built and served, in Truss's names. The embedded
 * engine uses none of them.
 *
 * @param accelerator {@code resources.accelerator}, e.g. {@code H100:2}; null if none is named
 */
public record TensorRtSettings(Build build, Serving serving, @Nullable String accelerator) {

    /** {@code trt_llm.build.quantization_type}. */
    public enum QuantizationType {
        NO_QUANT,
        WEIGHTS_INT8,
        WEIGHTS_KV_INT8,
        WEIGHTS_INT4,
        WEIGHTS_INT4_KV_INT8,
        SMOOTH_QUANT,
        FP8,
        FP8_KV,
        FP4,
        FP4_KV,
        FP4_MLP_ONLY
    }

    /** {@code trt_llm.runtime.batch_scheduler_policy}. */
    public enum SchedulerPolicy {
        MAX_UTILIZATION,
        GUARANTEED_NO_EVICT
    }

    /**
     * {@code trt_llm.build}.
     *
     * @param loraTargetModules modules that the engine can adapt; empty means those of the file's
     *     adapters
     */
    public record Build(
            Batch batch,
            Quantization quantization,
            Parallelism parallelism,
            Attention attention,
            boolean gatherAllTokenLogits,
            List<LinearModule> loraTargetModules) {
        public Build {
            loraTargetModules = List.copyOf(loraTargetModules);
        }
    }

    /**
     * The most that a step of the engine takes.
     *
     * @param maxSeqLen tokens of prompt and answer; null means the model's own
     */
    public record Batch(@Nullable Integer maxSeqLen, int maxBatchSize, int maxNumTokens) {}

    /** The precision of weights and KV cache. */
    public record Quantization(QuantizationType type, Calibration calibration) {}

    /**
     * The GPUs that share the engine, and those that build it.
     *
     * @param builderGpus number of GPUs that build at once; null means one
     */
    public record Parallelism(
            int tensorParallelCount, int pipelineParallelCount, @Nullable Integer builderGpus) {}

    /** The part of {@code trt_llm.build.plugin_configuration} that is about attention. */
    public record Attention(
            boolean pagedKvCache, boolean usePagedContextFmha, boolean useFp8ContextFmha) {}

    /** {@code trt_llm.build.quantization_config}; null means the default of NVIDIA's tool. */
    public record Calibration(
            @Nullable Integer size, @Nullable String dataset, @Nullable Integer maxSeqLength) {}

    /**
     * {@code trt_llm.runtime}.
     *
     * @param kvCacheFreeGpuMemoryFraction of the GPU memory that weights and adapters leave
     * @param kvCacheHostMemoryBytes null means none
     */
    public record Serving(
            double kvCacheFreeGpuMemoryFraction,
            @Nullable Long kvCacheHostMemoryBytes,
            LoraCache loraCache,
            boolean enableChunkedContext,
            SchedulerPolicy batchSchedulerPolicy) {}

    /**
     * TensorRT-LLM's caches of adapters; null means that Weft works the value out.
     *
     * @param maxAdapterSize largest rank
     * @param optimalAdapterSize rank of an adapter that fills a page
     * @param gpuMemoryFraction of the GPU memory that the weights leave
     */
    public record LoraCache(
            @Nullable Integer maxAdapterSize,
            @Nullable Integer optimalAdapterSize,
            @Nullable Double gpuMemoryFraction,
            @Nullable Long hostMemoryBytes) {}
}
