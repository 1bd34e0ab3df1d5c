package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.npy.NpyType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded model and the engine that it runs were built for.
 *
 * @param maxBatch requests that share a step
 * @param contextLength prompt and answer together
 * @param maxInput longest prompt
 * @param lora null where the engine was built without LoRA
 * @param logits whether the engine can give the logits that it sampled from
 * @param blockTokens positions in a block of the KV cache
 */
public record TokenModel(
        ModelConfig config,
        int maxBatch,
        int contextLength,
        int maxInput,
        @Nullable Lora lora,
        boolean logits,
        int blockTokens) {

    /**
     * LoRA of an engine.
     *
     * @param type of the weights that the model takes, which is that of the engine's plugin
     * @param modules TensorRT-LLM's names of those that it was built for
     */
    public record Lora(NpyType type, int maxRank, List<String> modules) {
        public Lora {
            modules = List.copyOf(modules);
        }
    }
}
