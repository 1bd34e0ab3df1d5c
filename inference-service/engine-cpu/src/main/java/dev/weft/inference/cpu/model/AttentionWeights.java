package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import org.jspecify.annotations.Nullable;

/**
 * The attention of a block.
 *
 * @param norm of its input
 * @param qkv q, k and v on top of each other: {@code [(heads + 2 * kvHeads) * headDim][hidden]}
 * @param qkvBias one value per row of qkv, if the family has it
 * @param queryNorm over headDim, if the family has it
 * @param keyNorm over headDim, if the family has it
 * @param output {@code [hidden][heads * headDim]}
 */
record AttentionWeights(
        RmsNorm norm,
        Linear qkv,
        @Nullable Bias qkvBias,
        @Nullable RmsNorm queryNorm,
        @Nullable RmsNorm keyNorm,
        Linear output) {
    /** The same weights with other linear layers. */
    AttentionWeights with(Linear otherQkv, Linear otherOutput) {
        return new AttentionWeights(norm, otherQkv, qkvBias, queryNorm, keyNorm, otherOutput);
    }
}
