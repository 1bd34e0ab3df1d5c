package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The two matrices of one adapted linear layer: {@code y += scale * (B (A x) + bias)}; with DoRA
 * {@code y = magnitude / |W + scale * B A| * (W x + scale * B (A x))}, the length taken over each
 * output's weights.
 *
 * @param layer index of the decoder block
 * @param scale alpha/r, or alpha/sqrt(r) with rsLoRA, after patterns are applied
 * @param a {@code [rank][in]}
 * @param b {@code [out][rank]}
 */
public record LoraPair(
        int layer, LinearModule module, float scale, Tensor a, Tensor b, Outputs outputs) {
    /**
     * What is done to the outputs, besides adding the product.
     *
     * @param bias {@code [out]} of {@code lora_bias}; null for none
     * @param magnitude {@code [out]} of DoRA; null for none
     */
    public record Outputs(@Nullable Tensor bias, @Nullable Tensor magnitude) {
        public static final Outputs NONE = new Outputs(null, null);

        /** The vectors that it has, {@code [out]} each. */
        public List<Tensor> tensors() {
            return Stream.of(bias, magnitude)
                    .<Tensor>mapMulti((tensor, to) -> {
                        if (tensor != null) {
                            to.accept(tensor);
                        }
                    })
                    .toList();
        }
    }

    /** A pair that only adds its product. */
    public LoraPair(int layer, LinearModule module, float scale, Tensor a, Tensor b) {
        this(layer, module, scale, a, b, Outputs.NONE);
    }

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
                        && b.shape().get(1) == rank()
                        && outputs.tensors().stream()
                                .allMatch(t -> t.shape().equals(List.of(b.shape().getFirst())));
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
