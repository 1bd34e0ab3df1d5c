package dev.weft.format.checkpoint;

import dev.weft.protocol.adapter.LinearModule;

/**
 * The layers of a decoder and the sizes of their linear modules. Adapters are held against it.
 *
 * @param intermediateSize width of the MLP
 */
public record DecoderShape(int layers, int hiddenSize, Attention attention, int intermediateSize) {
    /**
     * The attention heads of each layer.
     *
     * @param headDim may differ from {@code hiddenSize / heads}
     */
    public record Attention(int heads, int kvHeads, int headDim) {}

    /** Input columns of a module's weight. */
    public int inputSize(LinearModule module) {
        return switch (module) {
            case Q, K, V, GATE, UP -> hiddenSize;
            case O -> attention.heads * attention.headDim;
            case DOWN -> intermediateSize;
        };
    }

    /** Output rows of a module's weight. */
    public int outputSize(LinearModule module) {
        return switch (module) {
            case Q -> attention.heads * attention.headDim;
            case K, V -> attention.kvHeads * attention.headDim;
            case O, DOWN -> hiddenSize;
            case GATE, UP -> intermediateSize;
        };
    }
}
