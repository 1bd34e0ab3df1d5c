package dev.weft.inference.tensorrtllm;

import dev.weft.format.trtllm.EngineDemands;
import dev.weft.inference.engine.shelf.ShelfSize;
import java.nio.file.Path;

/**
 * Settings of the engine. The model's own configuration says how many requests share a step and how
 * long a context may be.
 *
 * @param adapters number of adapters that are held
 * @param asked what the deployment asks of the engine, which must have been built for it
 * @param maxQueue requests that may wait for a row
 * @param maxRows requests that share a step, if the model does not say
 * @param scratch folder for adapters that the model is to read from files
 */
public record TensorRtLlmSettings(
        Model model,
        ShelfSize adapters,
        EngineDemands asked,
        int maxQueue,
        int maxRows,
        Path scratch) {
    /**
     * The model, and where Triton finds it.
     *
     * @param repository Triton's model repository
     * @param backends folder of Triton's backends
     * @param name of the model in the repository
     */
    public record Model(Path repository, Path backends, String name) {}
}
