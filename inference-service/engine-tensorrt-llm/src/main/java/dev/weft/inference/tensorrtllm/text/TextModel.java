package dev.weft.inference.tensorrtllm.text;

import dev.weft.format.checkpoint.ModelConfig;
import java.util.Set;

/**
 * A loaded model.
 *
 * @param contextLength positions of prompt and answer together
 * @param maxRows requests that share a step, as far as the deployment says
 * @param streams whether it answers piece by piece
 * @param lora whether it takes adapters
 * @param endTokens tokens at which it ends an answer by itself
 */
public record TextModel(
        ModelConfig config,
        int contextLength,
        int maxRows,
        boolean streams,
        boolean lora,
        Set<Integer> endTokens) {
    public TextModel {
        endTokens = Set.copyOf(endTokens);
    }
}
