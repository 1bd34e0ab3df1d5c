package dev.weft.format.decoder;

import dev.weft.protocol.adapter.LinearModule;
import java.util.List;

/**
 * {@code down(activation(gate x) * up x)}.
 *
 * @param fused whether the checkpoint has gate and up as one matrix {@code gate_up_proj}
 * @param biases whether all of its linear layers have a bias
 */
public record Dense(int width, Activation activation, boolean fused, boolean biases)
        implements FeedForward {
    /** What becomes of the gate's output. */
    public enum Activation {
        /** {@code x * sigmoid(x)}. */
        SILU,
        /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}. */
        GELU_TANH
    }

    @Override
    public List<LinearModule> modules() {
        return fused
                ? List.of(LinearModule.GATE_UP, LinearModule.DOWN)
                : List.of(LinearModule.GATE, LinearModule.UP, LinearModule.DOWN);
    }
}
