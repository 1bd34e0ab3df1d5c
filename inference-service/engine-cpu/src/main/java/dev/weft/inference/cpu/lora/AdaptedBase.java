package dev.weft.inference.cpu.lora;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.protocol.adapter.LinearModule;

/** The base's weights as the engine has them; some adapters are packed with them. Any thread. */
public interface AdaptedBase {
    /** The weights of a linear layer, {@code [out][in]}. */
    WeightSource weights(int layer, LinearModule module);

    /** The weights of the head, {@code [tokens][hidden]}. */
    WeightSource head();

    /** An edge as it is stored, {@code [tokens][hidden]}; the same for both if they are tied. */
    WeightMatrix edge(Edge edge);

    /** A norm, e.g. {@code model.layers.0.input_layernorm}; the base must have it. */
    Norm norm(String path);

    /**
     * A norm of the base.
     *
     * @param plusOne whether its tensor holds its weights less 1
     */
    record Norm(RmsNorm norm, boolean plusOne) {}
}
