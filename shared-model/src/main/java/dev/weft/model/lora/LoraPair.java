package dev.weft.model.lora;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.safetensors.Tensor;

/**
 * The two matrices of one adapted linear layer: {@code y += scale * B (A x)}.
 *
 * @param layer index of the decoder block
 * @param scale alpha/r, or alpha/sqrt(r) with rsLoRA, patterns taken into account
 * @param a {@code [rank][in]}
 * @param b {@code [out][rank]}
 */
public record LoraPair(int layer, LinearModule module, float scale, Tensor a, Tensor b) {
    public int rank() {
        return a.shape().getFirst().intValue();
    }
}
