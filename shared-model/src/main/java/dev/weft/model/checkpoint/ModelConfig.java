package dev.weft.model.checkpoint;

import dev.weft.model.lora.LoraModule;

/**
 * The shape of a decoder, from config.json.
 *
 * @param contextLength positions a sequence may have: {@code max_position_embeddings}, or the
 *     sliding window where that is smaller and in use (within it both give the same answer)
 * @param headDim may differ from {@code hiddenSize / heads}
 */
public record ModelConfig(
        ModelFamily family,
        int vocabularySize,
        int hiddenSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int intermediateSize,
        int contextLength,
        float rmsNormEps,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean tiedEmbeddings) {

    /** Input columns of a module's weight. */
    public int inputSize(LoraModule module) {
        return switch (module) {
            case Q, K, V, GATE, UP -> hiddenSize;
            case O -> heads * headDim;
            case DOWN -> intermediateSize;
        };
    }

    /** Output rows of a module's weight. */
    public int outputSize(LoraModule module) {
        return switch (module) {
            case Q -> heads * headDim;
            case K, V -> kvHeads * headDim;
            case O, DOWN -> hiddenSize;
            case GATE, UP -> intermediateSize;
        };
    }
}
