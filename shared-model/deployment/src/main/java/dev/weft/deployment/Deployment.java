package dev.weft.deployment;

import dev.weft.deployment.truss.TensorRtSettings;
import dev.weft.protocol.adapter.LoraPlugin;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.BoundSettings;
import java.util.List;
import java.util.stream.Stream;

/**
 * A deployment file, checked, with defaults filled in.
 *
 * @param modelName {@code model_name}
 * @param useGpu {@code resources.use_gpu}, or an accelerator was named
 * @param tensorRt the settings with which a TensorRT-LLM engine is built and served
 * @param settings what stands under {@code weft:}
 */
public record Deployment(
        String modelName,
        boolean useGpu,
        Base base,
        Lora lora,
        TensorRtSettings tensorRt,
        BoundSettings settings) {
    /**
     * The base model.
     *
     * @param servedName the clients' name of it: {@code trt_llm.runtime.served_model_name}, else
     *     the model name
     * @param checkpoint where it lies; a FILE folder is absolute
     */
    public record Base(String servedName, RepositoryRef checkpoint) {}

    /**
     * The adapters of the base.
     *
     * @param maxRank 1 to 256, a power of two
     * @param adapters in the file's order; FILE folders are absolute
     */
    public record Lora(int maxRank, LoraPlugin plugin, List<DeclaredAdapter> adapters) {
        public Lora {
            adapters = List.copyOf(adapters);
        }
    }

    /** An entry of {@code lora_adapters}. */
    public record DeclaredAdapter(String name, RepositoryRef repository) {}

    /** The record of that type, of what stands under {@code weft:}. */
    public <T extends Record> T settings(Class<T> type) {
        return settings.get(type);
    }

    /** The repositories that the file names: the base and the adapters. */
    public List<RepositoryRef> repositories() {
        return Stream.concat(
                        Stream.of(base.checkpoint),
                        lora.adapters.stream().map(DeclaredAdapter::repository))
                .toList();
    }
}
