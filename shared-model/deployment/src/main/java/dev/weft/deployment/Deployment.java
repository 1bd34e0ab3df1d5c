package dev.weft.deployment;

import dev.weft.format.trtllm.LoraPlugin;
import dev.weft.format.trtllm.TensorRtSettings;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.BoundSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A deployment file, checked, with defaults filled in.
 *
 * @param modelName {@code model_name}
 * @param servedModelName the clients' name of the base: {@code trt_llm.runtime.served_model_name},
 *     else the model name
 * @param useGpu {@code resources.use_gpu}, or an accelerator was named
 * @param checkpoint the base; a FILE folder is absolute
 * @param adapters in the file's order; FILE folders are absolute
 * @param maxLoraRank 1 to 64, a power of two
 * @param tensorRt the settings with which a TensorRT-LLM engine is built and served
 * @param settings what stands under {@code weft:}
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
        BoundSettings settings,
        Path folder) {
    public Deployment {
        adapters = List.copyOf(adapters);
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
                        Stream.of(checkpoint), adapters.stream().map(DeclaredAdapter::repository))
                .toList();
    }
}
