package dev.weft.inference.cpu.model.weights;

import dev.weft.format.decoder.Experts;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The experts of a layer and their router. */
public record ExpertWeights(Router router, Experts.Gate gate, List<One> experts)
        implements AutoCloseable {
    public ExpertWeights {
        experts = List.copyOf(experts);
    }

    /**
     * One expert.
     *
     * @param gateUp gate on top of up: {@code [2 * width][hidden]}
     * @param down {@code [hidden][width]}
     */
    public record One(
            Linear gateUp, @Nullable Bias gateUpBias, Linear down, @Nullable Bias downBias) {}

    @Override
    public void close() {
        for (One one : experts) {
            one.gateUp.close();
            one.down.close();
        }
    }
}
