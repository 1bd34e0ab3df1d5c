package dev.weft.inference.server.settings;

import dev.weft.access.AccessSettings;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.truss.TensorRtSettings;
import dev.weft.format.trtllm.EngineDemands;

/** What a deployment asks of a TensorRT-LLM engine. */
public final class DeployedEngine {
    private DeployedEngine() {}

    /** The demands on the engine. */
    public static EngineDemands demands(Deployment deployment) {
        TensorRtSettings.Build build = deployment.tensorRt().build();
        InferenceSettings settings = deployment.settings(InferenceSettings.class);
        return new EngineDemands(
                new EngineDemands.Lora(
                        deployment.lora().plugin(),
                        deployment.lora().maxRank(),
                        build.loraTargetModules()),
                settings.maxModelLength(),
                new EngineDemands.Batch(
                        build.batch().maxSeqLen(),
                        build.batch().maxBatchSize(),
                        build.batch().maxNumTokens()),
                build.parallelism().tensorParallelCount(),
                deployment.settings(AccessSettings.class).keys() && !settings.sharesAllPrefixes());
    }
}
