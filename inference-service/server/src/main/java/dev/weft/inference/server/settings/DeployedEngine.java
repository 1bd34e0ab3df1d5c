package dev.weft.inference.server.settings;

import dev.weft.access.AccessSettings;
import dev.weft.deployment.Deployment;
import dev.weft.format.trtllm.EngineDemands;

/** What a deployment asks of a TensorRT-LLM engine. */
public final class DeployedEngine {
    private DeployedEngine() {}

    /** The demands on the engine. */
    public static EngineDemands demands(Deployment deployment) {
        InferenceSettings settings = deployment.settings(InferenceSettings.class);
        return new EngineDemands(
                deployment.lora().plugin(),
                deployment.lora().maxRank(),
                settings.maxModelLength(),
                deployment.tensorRt().build(),
                deployment.settings(AccessSettings.class).keys() && !settings.sharesAllPrefixes());
    }
}
