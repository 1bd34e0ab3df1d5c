package dev.weft.inference.cpu.model.weights;

import dev.weft.format.decoder.Dense;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import org.jspecify.annotations.Nullable;

/** The feed-forward part of a block. */
public sealed interface MlpWeights extends AutoCloseable {
    /** The norm of its input; null if the input is taken as it is. */
    @Nullable RmsNorm norm();

    /** How the result joins the residual stream. */
    Joint joint();

    @Override
    void close();

    /**
     * One for all rows.
     *
     * @param gateUp gate on top of up: {@code [2 * intermediate][hidden]}
     * @param gateUpBias one value per row of gateUp, if the family has it
     * @param down {@code [hidden][intermediate]}
     */
    record OfAll(
            @Nullable RmsNorm norm,
            Linear gateUp,
            @Nullable Bias gateUpBias,
            Dense.Activation activation,
            Linear down,
            Joint joint)
            implements MlpWeights {
        OfAll withGateUp(Linear other) {
            return new OfAll(norm, other, gateUpBias, activation, down, joint);
        }

        OfAll withDown(Linear other) {
            return new OfAll(norm, gateUp, gateUpBias, activation, other, joint);
        }

        @Override
        public void close() {
            gateUp.close();
            down.close();
        }
    }

    /** Experts, of which each row uses some. */
    record OfExperts(@Nullable RmsNorm norm, ExpertWeights experts, Joint joint)
            implements MlpWeights {
        @Override
        public void close() {
            experts.close();
        }
    }
}
