package dev.weft.inference.cpu.model.weights;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.inference.cpu.kernel.attention.ScoreRule;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import org.jspecify.annotations.Nullable;

/**
 * The attention of a block.
 *
 * @param norm of its input; null if the input is taken as it is
 * @param qkv q, k and v on top of each other: {@code [(heads + 2 * kvHeads) * headDim][hidden]}
 * @param inner what happens between the linear layers
 * @param output {@code [hidden][heads * headDim]}
 * @param joint how the result joins the residual stream
 */
public record AttentionWeights(
        @Nullable RmsNorm norm, Linear qkv, Inner inner, Linear output, Joint joint) {
    /**
     * What happens between the linear layers.
     *
     * @param qkvBias one value per row of qkv, if the family has it
     * @param norms of queries and keys, if the family has them
     * @param rope number of the rotation among the decoder's; -1 for none
     */
    public record Inner(
            @Nullable Bias qkvBias, @Nullable QueryKeyNorms norms, ScoreRule rule, int rope) {}

    /** Norms of queries and of keys: of a head, or of all heads together. */
    public record QueryKeyNorms(
            RmsNorm query, RmsNorm key, AttentionPlan.Extent extent, boolean afterRope) {}

    /** Returns these weights with other linear layers. */
    AttentionWeights with(Linear otherQkv, Linear otherOutput) {
        return new AttentionWeights(norm, otherQkv, inner, otherOutput, joint);
    }
}
