package dev.weft.deployment;

import dev.weft.format.trtllm.EngineDemands;
import dev.weft.format.trtllm.LoraPlugin;
import dev.weft.format.trtllm.TensorRtSettings;
import dev.weft.protocol.repository.RepositoryRef;
import java.nio.file.Path;
import java.util.List;

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

    /** The demands on a TensorRT-LLM engine. */
    public EngineDemands engineDemands() {
        return new EngineDemands(
                loraPlugin,
                maxLoraRank,
                weft.inference().maxModelLength(),
                tensorRt.build(),
                weft.access().keys() && !weft.inference().sharesAllPrefixes());
    }
}
