package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.LoraSite;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block.
 *
 * @param qkv q, k and v on top of each other: {@code [(heads + 2 * kvHeads) * headDim][hidden]}
 * @param output {@code [hidden][heads * headDim]}
 * @param gateUp gate on top of up: {@code [2 * intermediate][hidden]}
 * @param down {@code [hidden][intermediate]}
 * @param qkvBias one value per row of qkv, where the family has it
 * @param queryNorm over headDim, where the family has it
 */
record LayerWeights(
        RmsNorm inputNorm,
        Linear qkv,
        @Nullable Bias qkvBias,
        @Nullable RmsNorm queryNorm,
        @Nullable RmsNorm keyNorm,
        Linear output,
        RmsNorm postNorm,
        Linear gateUp,
        Linear down)
        implements AutoCloseable {
    /** The same with another linear layer at one site. */
    LayerWeights with(LoraSite site, Linear linear) {
        return new LayerWeights(
                inputNorm,
                site == LoraSite.ATTENTION_INPUT ? linear : qkv,
                qkvBias,
                queryNorm,
                keyNorm,
                site == LoraSite.ATTENTION_OUTPUT ? linear : output,
                postNorm,
                site == LoraSite.MLP_INPUT ? linear : gateUp,
                site == LoraSite.MLP_OUTPUT ? linear : down);
    }

    @Override
    public void close() {
        qkv.close();
        output.close();
        gateUp.close();
        down.close();
    }
}
