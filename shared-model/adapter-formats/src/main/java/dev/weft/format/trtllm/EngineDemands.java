package dev.weft.format.trtllm;

import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraPlugin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The demands of a deployment on an engine.
 *
 * @param maxModelLength positions of prompt and answer; 0 means the engine's own limit
 * @param gpus that share the engine
 * @param tenantsApart requests of different tenants must not share computed results; TensorRT-LLM
 *     can't tell tenants apart, so it must share nothing
 */
public record EngineDemands(
        Lora lora, int maxModelLength, Batch batch, int gpus, boolean tenantsApart) {
    /**
     * What adapters need.
     *
     * @param modules that the engine can adapt; empty means those of the file's adapters
     */
    public record Lora(LoraPlugin plugin, int maxRank, List<LinearModule> modules) {
        public Lora {
            modules = List.copyOf(modules);
        }
    }

    /**
     * The most that a step takes.
     *
     * @param maxSeqLen tokens of prompt and answer; null means the model's own
     */
    public record Batch(@Nullable Integer maxSeqLen, int maxBatchSize, int maxNumTokens) {}
}
