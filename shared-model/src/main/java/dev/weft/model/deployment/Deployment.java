package dev.weft.model.deployment;

import dev.weft.model.npy.NpyType;
import dev.weft.model.repository.RepositoryRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A deployment file, checked, with defaults filled in.
 *
 * @param modelName {@code model_name}
 * @param servedModelName what clients call the base: {@code trt_llm.runtime.served_model_name},
 *     else the model name
 * @param useGpu {@code resources.use_gpu}, or an accelerator was named
 * @param checkpoint the base; a FILE folder is absolute here
 * @param adapters in the file's order; FILE folders are absolute here
 * @param maxLoraRank 1 to 64, a power of two
 * @param tensorRt what a TensorRT-LLM engine is built and served with
 * @param folder the file's folder, absolute
 */
public record Deployment(
        String modelName,
        String servedModelName,
        boolean useGpu,
        RepositoryRef checkpoint,
        List<DeclaredAdapter> adapters,
        int maxLoraRank,
        LoraPlugin loraPlugin,
        TensorRtSettings tensorRt,
        WeftSettings weft,
        Path folder) {
    public Deployment {
        adapters = List.copyOf(adapters);
    }

    /** An entry of {@code lora_adapters}. */
    public record DeclaredAdapter(String name, RepositoryRef repository) {}

    /**
     * {@code plugin_configuration.lora_plugin}: the type that an engine keeps adapters in. Weights
     * of another type are taken for none without a word
     * (triton-inference-server/tensorrtllm_backend issue 791), so that all that is sent is of this
     * one.
     */
    public enum LoraPlugin {
        FLOAT16(NpyType.FLOAT16),
        FLOAT32(NpyType.FLOAT32),
        BFLOAT16(NpyType.BFLOAT16);

        private final NpyType storage;

        LoraPlugin(NpyType storage) {
            this.storage = storage;
        }

        /** As the file spells it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The same type as arrays of weights have it. */
        public NpyType storage() {
            return storage;
        }
    }
}
