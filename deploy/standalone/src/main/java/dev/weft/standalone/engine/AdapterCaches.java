package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.truss.TensorRtSettings.LoraCache;
import dev.weft.deployment.truss.TensorRtSettings.QuantizationType;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.format.trtllm.LoraCacheSize;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The caches for adapters: sizes from the file, else room for its adapters.
 *
 * @param ranks ranks for which pages are laid out
 * @param hostBytes bytes of the cache in host memory
 * @param gpuFraction fraction of the GPU memory that the weights leave; the KV cache gets its share
 *     of the remaining memory (the order in TrtGptModelInflightBatching's constructor, whatever
 *     NVIDIA's documents say)
 * @param notes how these values were chosen
 */
record AdapterCaches(
        LoraCacheSize.Ranks ranks, long hostBytes, double gpuFraction, List<String> notes) {
    private static final double MIB = 1 << 20;

    /** The share of the GPU for CUDA itself and the engine's working memory. */
    private static final double WORKING_SHARE = 0.05;

    /** The fraction for an unknown GPU. */
    private static final double UNKNOWN = 0.1;

    /** The largest fraction; the rest is for the KV cache. */
    private static final double MOST = 0.5;

    /** The backend's own fraction; no estimate should be lower. */
    private static final double LEAST = 0.05;

    static AdapterCaches of(
            Deployment deployment, ModelConfig base, ModuleChoice modules, PlanFaults faults) {
        LoraCache asked = deployment.tensorRt().serving().loraCache();
        LoraCacheSize.Ranks ranks = ranks(deployment.lora().maxRank(), asked, faults);
        var size =
                LoraCacheSize.of(
                        base.shape(),
                        modules.modules(),
                        ranks,
                        LoraArrays.storage(deployment.lora().plugin()),
                        deployment.tensorRt().build().parallelism().tensorParallelCount());
        Host host = host(deployment, size, faults);
        Share gpu =
                asked.gpuMemoryFraction() == null
                        ? gpu(deployment, base, size, faults)
                        : new Share(
                                asked.gpuMemoryFraction(),
                                "GPU cache: lora_cache_gpu_memory_fraction of what the weights"
                                        + " leave");
        return new AdapterCaches(ranks, host.bytes, gpu.fraction, List.of(host.note, gpu.note));
    }

    private static LoraCacheSize.Ranks ranks(int largest, LoraCache asked, PlanFaults faults) {
        int max = asked.maxAdapterSize() == null ? largest : asked.maxAdapterSize();
        if (max < largest) {
            faults.add(
                    "trt_llm.runtime.lora_cache_max_adapter_size",
                    max,
                    "adapters may have rank "
                            + largest
                            + " (max_lora_rank); allowed is as much or more");
        }
        int optimal = asked.optimalAdapterSize() == null ? largest : asked.optimalAdapterSize();
        return new LoraCacheSize.Ranks(largest, Math.max(max, largest), optimal);
    }

    private record Host(long bytes, String note) {}

    private static Host host(Deployment deployment, LoraCacheSize size, PlanFaults faults) {
        int held =
                Math.max(
                        deployment.settings(InferenceSettings.class).maxLoras(),
                        deployment.lora().adapters().size());
        OptionalLong more = deployment.settings(InferenceSettings.class).hostCache();
        Long asked = deployment.tensorRt().serving().loraCache().hostMemoryBytes();
        long bytes = asked == null ? size.bytes(held) + more.orElse(0) : asked;
        if (bytes < size.adapterBytes()) {
            faults.add(
                    "trt_llm.runtime.lora_cache_host_memory_bytes",
                    bytes,
                    "one adapter of rank %d takes %d"
                            .formatted(deployment.lora().maxRank(), size.adapterBytes()));
        }
        String what =
                asked == null
                        ? "host cache for %d of them%s"
                                .formatted(
                                        held,
                                        more.isEmpty()
                                                ? ""
                                                : " and weft.inference.host-cache-bytes")
                        : "host cache of lora_cache_host_memory_bytes";
        return new Host(
                bytes,
                "adapters: %s each at rank %d; %s: %s"
                        .formatted(
                                mib(size.adapterBytes()),
                                deployment.lora().maxRank(),
                                what,
                                mib(bytes)));
    }

    /** A fraction of the GPU memory that the weights leave. */
    private record Share(double fraction, String note) {}

    private static Share gpu(
            Deployment deployment, ModelConfig base, LoraCacheSize size, PlanFaults faults) {
        String accelerator = deployment.tensorRt().accelerator();
        if (accelerator == null) {
            return unknown("resources.accelerator names no GPU");
        }
        OptionalLong memory = Accelerator.memory(accelerator);
        if (memory.isEmpty()) {
            return unknown("the memory of " + accelerator + " is not known");
        }
        double weights = weightBytes(deployment, base);
        double free = memory.getAsLong() * (1 - WORKING_SHARE) - weights;
        int room = (int) Math.min(Integer.MAX_VALUE, MOST * free / size.adapterBytes());
        if (room < 1) {
            faults.add(
                    "resources.accelerator",
                    accelerator,
                    "its weights take %s of about %s on each GPU, and half of the rest must hold an adapter of %s; name larger GPUs or more (trt_llm.build.tensor_parallel_count), or lower max_lora_rank"
                            .formatted(
                                    mib(weights),
                                    mib(memory.getAsLong()),
                                    mib(size.adapterBytes())));
            return new Share(UNKNOWN, "none");
        }
        int slots = deployment.settings(InferenceSettings.class).maxLoras();
        int held = Math.min(room, slots);
        double fraction = Math.clamp(size.bytes(held) / free, LEAST, MOST);
        String note =
                "GPU cache: %s of about %s that the weights leave, for %d of %d adapters; the KV cache gets its share of the rest"
                        .formatted(mib(fraction * free), mib(free), held, slots);
        return new Share(Math.ceil(fraction * 1e4) / 1e4, note);
    }

    private static Share unknown(String why) {
        return new Share(UNKNOWN, "GPU cache: a tenth of what the weights leave, since " + why);
    }

    /**
     * The weights' bytes on one GPU: the linear layers in the quantised type, the rest in the type
     * of lora_plugin.
     */
    private static double weightBytes(Deployment deployment, ModelConfig base) {
        double wide = LoraArrays.storage(deployment.lora().plugin()).bytes();
        QuantizationType type = deployment.tensorRt().build().quantization().type();
        double narrow =
                switch (type) {
                    case NO_QUANT -> wide;
                    case WEIGHTS_INT8, WEIGHTS_KV_INT8, SMOOTH_QUANT, FP8, FP8_KV -> 1;
                    case WEIGHTS_INT4, WEIGHTS_INT4_KV_INT8, FP4, FP4_KV, FP4_MLP_ONLY -> 0.5;
                };
        DecoderShape shape = base.shape();
        double linear = 0;
        for (LinearModule module : LinearModule.SEPARATE) {
            linear += (double) shape.inputSize(module) * shape.outputSize(module);
        }
        double embedding =
                (double) base.vocabulary().size()
                        * shape.hiddenSize()
                        * (base.vocabulary().tied() ? 1 : 2);
        int gpus = deployment.tensorRt().build().parallelism().tensorParallelCount();
        return linear * shape.layers() * narrow / gpus + embedding * wide;
    }

    private static String mib(long bytes) {
        return mib((double) bytes);
    }

    private static String mib(double bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
    }
}
