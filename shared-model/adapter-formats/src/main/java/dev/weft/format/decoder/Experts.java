package dev.weft.format.decoder;

import dev.weft.protocol.adapter.LinearModule;
import java.util.List;

/**
 * Several feed-forward parts. Each row uses those that a router chooses; their results are
 * multiplied by the router's weights and added.
 *
 * @param width elements between an expert's linear layers
 * @param count of experts
 * @param router name of its tensor, without {@code .weight}; {@code [count][hidden]}
 */
public record Experts(
        int width, int count, Routing routing, Gate gate, String router, ExpertTensors tensors)
        implements FeedForward {
    /** The experts over which the weights' softmax runs. */
    public enum Weights {
        /** All experts; the chosen ones' weights add up to less than 1. */
        OF_ALL,
        /** The chosen ones only. */
        OF_CHOSEN
    }

    /**
     * How experts are chosen.
     *
     * @param chosen experts of a row: those with the highest scores
     * @param bias whether the router adds a bias to scores
     */
    public record Routing(int chosen, Weights weights, boolean bias) {}

    /** What lies between an expert's linear layers. */
    public sealed interface Gate {
        /** {@code silu(gate) * up}. */
        record Silu() implements Gate {}

        /**
         * {@code (clamp(up) + 1) * g * sigmoid(alpha * g)}, where g is the gate, at most {@code
         * limit}, and up is clamped to {@code limit} on both sides.
         */
        record Clamped(float alpha, float limit) implements Gate {}
    }

    /** No modules, since adapters name experts in ways of their own. */
    @Override
    public List<LinearModule> modules() {
        return List.of();
    }
}
