package dev.weft.format.trtllm;

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
}
