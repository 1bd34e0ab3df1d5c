package dev.weft.model.trtllm;

import dev.weft.model.deployment.Deployment;
import dev.weft.model.deployment.Deployment.LoraPlugin;
import dev.weft.model.deployment.TensorRtSettings;

/**
 * What a deployment asks of an engine.
 *
 * @param maxModelLength positions of prompt and answer; 0 means the engine's own limit
 * @param build what the file's engine is built with
 */
public record EngineDemands(
        LoraPlugin loraPlugin, int maxLoraRank, int maxModelLength, TensorRtSettings.Build build) {
    /** A deployment's. */
    public static EngineDemands of(Deployment deployment) {
        return new EngineDemands(
                deployment.loraPlugin(),
                deployment.maxLoraRank(),
                deployment.weft().inference().maxModelLength(),
                deployment.tensorRt().build());
    }
}
