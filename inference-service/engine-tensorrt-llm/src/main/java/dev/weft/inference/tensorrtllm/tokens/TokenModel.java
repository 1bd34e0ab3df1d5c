package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.tensorrtllm.guide.XGrammarRules;
import org.jspecify.annotations.Nullable;

/**
 * The limits and features of a loaded model and of the engine that it runs.
 *
 * @param gpus number of GPUs that share the engine
 * @param logits whether the engine can give the model's logits
 * @param guides the guides that XGrammar enforces; null if the model has no XGrammar
 * @param logProbabilities whether log-probabilities of chosen tokens are relative to all tokens,
 *     not only to those that the model sampled from
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
