package dev.weft.model.trtllm;

import dev.weft.model.deployment.Deployment;
import dev.weft.model.deployment.Deployment.LoraPlugin;
import dev.weft.model.deployment.TensorRtSettings;

/**
 * What a deployment asks of an engine.
 *
 * @param maxModelLength positions of prompt and answer; 0 means the engine's own limit
 * @param build what the file's engine is built with
 * @param tenantsApart requests of different tenants must not share what was computed for them;
 *     TensorRT-LLM can't tell tenants apart, so it must share nothing
 */
public record EngineDemands(
        LoraPlugin loraPlugin,
        int maxLoraRank,
        int maxModelLength,
        TensorRtSettings.Build build,
        boolean tenantsApart) {
    /** Where all requests are of one tenant. */
    public EngineDemands(
            LoraPlugin loraPlugin,
            int maxLoraRank,
            int maxModelLength,
            TensorRtSettings.Build build) {
        this(loraPlugin, maxLoraRank, maxModelLength, build, false);
    }

    /** A deployment's. */
    public static EngineDemands of(Deployment deployment) {
        return new EngineDemands(
                deployment.loraPlugin(),
                deployment.maxLoraRank(),
                deployment.weft().inference().maxModelLength(),
                deployment.tensorRt().build(),
                deployment.weft().access().keys()
                        && !deployment.weft().inference().sharesAllPrefixes());
    }
}
