package dev.weft.format.trtllm;

/**
 * The demands of a deployment on an engine.
 *
 * @param maxModelLength positions of prompt and answer; 0 means the engine's own limit
 * @param build the settings with which the file's engine is built
 * @param tenantsApart requests of different tenants must not share computed results; TensorRT-LLM
 *     can't tell tenants apart, so it must share nothing
 */
public record EngineDemands(
        LoraPlugin loraPlugin,
        int maxLoraRank,
        int maxModelLength,
        TensorRtSettings.Build build,
        boolean tenantsApart) {
    /** Takes all requests to be of one tenant. */
    public EngineDemands(
            LoraPlugin loraPlugin,
            int maxLoraRank,
            int maxModelLength,
            TensorRtSettings.Build build) {
        this(loraPlugin, maxLoraRank, maxModelLength, build, false);
    }
}
