package dev.weft.standalone.engine;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.deployment.Deployment;
import dev.weft.model.deployment.TensorRtSettings.QuantizationType;
import dev.weft.model.trtllm.LoraCacheSize;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The caches that adapters are kept in.
 *
 * @param hostBytes of the cache in host memory
 * @param gpuFraction of the GPU memory that weights and KV cache leave
 * @param notes how these came about
 */
record AdapterMemory(long hostBytes, double gpuFraction, List<String> notes) {
    private static final double MIB = 1 << 20;

    /** Of the GPU, for CUDA itself and the engine's working memory. */
    private static final double WORKING_SHARE = 0.05;

    /** Where the GPU is not known, and the most of what is left in any case. */
    private static final double UNKNOWN = 0.5;

    private static final double MOST = 0.9;

    /** The backend's own, which no estimate should fall below. */
    private static final double LEAST = 0.05;

    static AdapterMemory of(
            Deployment deployment, ModelConfig base, ModuleChoice modules, PlanFaults faults) {
        int gpus = deployment.tensorRt().build().tensorParallelCount();
        var size =
                LoraCacheSize.of(
                        base,
                        modules.modules(),
                        deployment.maxLoraRank(),
                        deployment.loraPlugin().storage(),
                        gpus);
        int slots = deployment.weft().inference().maxLoras();
        int held = Math.max(slots, deployment.adapters().size());
        Long cache = deployment.weft().inference().hostCacheBytes();
        long host = size.bytes(held) + (cache == null ? 0 : cache);
        String hostNote =
                "adapters: %s each at rank %d; host cache for %d of them%s"
                        .formatted(
                                mib(size.pageBytes()),
                                deployment.maxLoraRank(),
                                held,
                                cache == null ? "" : " and weft.inference.host-cache-bytes");
        Share gpu = gpu(deployment, base, size, slots, faults);
        return new AdapterMemory(
                host, gpu.fraction, List.of(hostNote + ": " + mib(host), gpu.note));
    }

    /** Of what weights and KV cache leave of the GPU. */
    private record Share(double fraction, String note) {}

    private static Share gpu(
            Deployment deployment,
            ModelConfig base,
            LoraCacheSize size,
            int slots,
            PlanFaults faults) {
        String accelerator = deployment.tensorRt().accelerator();
        OptionalLong memory =
                accelerator == null ? OptionalLong.empty() : Accelerator.memory(accelerator);
        if (memory.isEmpty()) {
            String note =
                    "GPU cache: half of what weights and KV cache leave, since "
                            + (accelerator == null
                                    ? "resources.accelerator names no GPU"
                                    : "the memory of " + accelerator + " is not known");
            return new Share(UNKNOWN, note);
        }
        double free = memory.getAsLong() * (1 - WORKING_SHARE) - weightBytes(deployment, base);
        double kv = deployment.tensorRt().serving().kvCacheFreeGpuMemoryFraction();
        double left = Math.max(0, free * (1 - kv));
        int room = (int) Math.min(Integer.MAX_VALUE, MOST * left / size.pageBytes());
        if (room < 1) {
            faults.add(
                    "trt_llm.runtime.kv_cache_free_gpu_mem_fraction",
                    kv,
                    "leaves "
                            + mib(left)
                            + " of a "
                            + accelerator
                            + " beside the weights, and one adapter of rank "
                            + deployment.maxLoraRank()
                            + " takes "
                            + mib(size.pageBytes())
                            + "; lower it, or max_lora_rank");
            return new Share(UNKNOWN, "none");
        }
        int held = Math.min(room, slots);
        double fraction = Math.clamp(size.bytes(held) / left, LEAST, MOST);
        String note =
                "GPU cache: %s of about %s left beside weights and KV cache, for %d of %d adapters"
                        .formatted(mib(size.bytes(held)), mib(left), held, slots);
        return new Share(Math.ceil(fraction * 1e4) / 1e4, note);
    }

    /** Of one GPU: the linear layers in the quantised type, the rest in that of lora_plugin. */
    private static double weightBytes(Deployment deployment, ModelConfig base) {
        double wide = deployment.loraPlugin().storage().bytes();
        QuantizationType type = deployment.tensorRt().build().quantization();
        double narrow =
                switch (type) {
                    case NO_QUANT -> wide;
                    case WEIGHTS_INT8, WEIGHTS_KV_INT8, SMOOTH_QUANT, FP8, FP8_KV -> 1;
                    case WEIGHTS_INT4, WEIGHTS_INT4_KV_INT8, FP4, FP4_KV, FP4_MLP_ONLY -> 0.5;
                };
        double linear = 0;
        for (LinearModule module : LinearModule.values()) {
            linear += (double) base.inputSize(module) * base.outputSize(module);
        }
        double embedding =
                (double) base.vocabularySize()
                        * base.hiddenSize()
                        * (base.tiedEmbeddings() ? 1 : 2);
        int gpus = deployment.tensorRt().build().tensorParallelCount();
        return linear * base.layers() * narrow / gpus + embedding * wide;
    }

    private static String mib(long bytes) {
        return mib((double) bytes);
    }

    private static String mib(double bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
    }
}
