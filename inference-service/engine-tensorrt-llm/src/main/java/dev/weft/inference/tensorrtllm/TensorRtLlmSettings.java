package dev.weft.inference.tensorrtllm;

import dev.weft.format.trtllm.EngineDemands;
import dev.weft.inference.engine.shelf.ShelfSize;
import java.nio.file.Path;

/**
 * Settings of the engine. How many requests share a step and how long a context may be stand in the
 * model's own configuration.
 *
 * @param repository Triton's model repository
 * @param backends folder of Triton's backends
 * @param model name of the model in the repository
 * @param slots adapters loaded at once
 * @param hostCacheBytes memory for adapters that have left their slot; -1 means an eighth of the
 *     machine's
 * @param asked what the deployment asks of the engine, which must have been built for it
 * @param maxQueue requests that may wait for a row
 * @param maxRows requests that share a step, where the model does not say
 * @param scratch folder for adapters that the model is to read from files
 */
public record TensorRtLlmSettings(
        Path repository,
        Path backends,
        String model,
        int slots,
        long hostCacheBytes,
        EngineDemands asked,
        int maxQueue,
        int maxRows,
        Path scratch) {
    public TensorRtLlmSettings {
        if (hostCacheBytes < 0) {
            hostCacheBytes = ShelfSize.of(slots).hostCacheBytes();
        }
    }
}
