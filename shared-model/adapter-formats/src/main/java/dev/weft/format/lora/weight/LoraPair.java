package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Optional;

/**
 * The two matrices of one adapted linear layer: {@code y += scale * B (A x)}.
 *
 * @param layer index of the decoder block
 * @param scale alpha/r, or alpha/sqrt(r) with rsLoRA, after patterns are applied
 * @param a {@code [rank][in]}
 * @param b {@code [out][rank]}
 */
public record LoraPair(int layer, LinearModule module, float scale, Tensor a, Tensor b) {
    public int rank() {
        return a.shape().getFirst().intValue();
    }

    /** Why an engine for this base and this rank can't use it, in words; empty if it can. */
    public Optional<String> misfit(DecoderShape base, int maxRank) {
        boolean fits =
                layer >= 0
                        && layer < base.layers()
                        && base.has(layer, module)
                        && rank() <= maxRank
                        && a.shape().get(1) == base.inputSize(module)
                        && b.shape().getFirst() == base.outputSize(module)
                        && b.shape().get(1) == rank();
        return fits
                ? Optional.empty()
                : Optional.of(
                        "adapter tensor "
                                + a.name()
                                + " "
                                + a.shapeText()
                                + " does not fit layer "
                                + layer
                                + " "
                                + module.shortName()
                                + " of the base, or its rank is over "
                                + maxRank);
    }
}
