package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.tensorrtllm.guide.XGrammarRules;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded model and the engine that it runs were built for.
 *
 * @param gpus that share the engine
 * @param logits whether the engine can give the model's logits
 * @param guides what XGrammar can be asked to hold answers to; null if the model has none
 * @param logProbabilities whether those of chosen tokens are relative to all tokens, not to the few
 *     that it sampled from
 */
public record TokenModel(
        ModelConfig config,
        Limits limits,
        EngineLimits.Lora lora,
        int gpus,
        boolean logits,
        boolean logProbabilities,
        @Nullable XGrammarRules guides) {
    /**
     * The model's limits.
     *
     * @param maxBatch requests that share a step
     * @param contextLength prompt and answer together
     * @param maxInput longest prompt
     */
    public record Limits(int maxBatch, int contextLength, int maxInput) {}
}
