package dev.weft.deployment.truss;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The demands of a Truss file on a TensorRT-LLM engine, in the engine's terms. */
public record TensorRtEngine(Truss truss) {
    public TensorRtSettings settings() {
        return new TensorRtSettings(build(), serving(), truss.resources().accelerator());
    }

    private TensorRtSettings.Build build() {
        Truss.Build build = truss.trtLlm().build();
        Truss.PluginConfiguration plugins = build.pluginConfiguration();
        Truss.QuantizationConfig calibration = build.quantizationConfig();
        return new TensorRtSettings.Build(
                new TensorRtSettings.Batch(
                        build.maxSeqLen(), build.maxBatchSize(), build.maxNumTokens()),
                new TensorRtSettings.Quantization(
                        build.quantizationType(),
                        new TensorRtSettings.Calibration(
                                calibration.calibSize(),
                                calibration.calibDataset(),
                                calibration.calibMaxSeqLength())),
                new TensorRtSettings.Parallelism(
                        build.tensorParallelCount(),
                        build.pipelineParallelCount(),
                        build.numBuilderGpus()),
                new TensorRtSettings.Attention(
                        plugins.pagedKvCache(),
                        plugins.usePagedContextFmha(),
                        plugins.useFp8ContextFmha()),
                build.gatherAllTokenLogits(),
                build.loraConfiguration().loraTargetModules().stream()
                        .map(Truss.TargetModule::module)
                        .toList());
    }

    private TensorRtSettings.Serving serving() {
        Truss.Serving runtime = truss.trtLlm().runtime();
        return new TensorRtSettings.Serving(
                runtime.kvCacheFreeGpuMemFraction(),
                bytes(runtime.kvCacheHostMemoryBytes()),
                new TensorRtSettings.LoraCache(
                        runtime.loraCacheMaxAdapterSize(),
                        runtime.loraCacheOptimalAdapterSize(),
                        runtime.loraCacheGpuMemoryFraction(),
                        bytes(runtime.loraCacheHostMemoryBytes())),
                runtime.enableChunkedContext(),
                runtime.batchSchedulerPolicy());
    }

    private static @Nullable Long bytes(@Nullable DataSize size) {
        return size == null ? null : size.toBytes();
    }
}
