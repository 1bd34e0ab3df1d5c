package dev.weft.inference.cpu.model.weights;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.vector.Bias;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import org.jspecify.annotations.Nullable;

/**
 * How a part's result joins the residual stream: {@code h += factor * norm(x + bias)}.
 *
 * @param bias of the part's last linear layer; null for none
 * @param norm null for none
 */
public record Joint(@Nullable Bias bias, @Nullable RmsNorm norm, float factor) {
    /**
     * Adds one row; {@code added} may be changed.
     *
     * @param own the norm for this row
     */
    public void add(FloatMatrix hidden, FloatMatrix added, int row, @Nullable RmsNorm own) {
        long at = hidden.offset(row, 0);
        if (bias != null) {
            bias.addTo(added.data(), at);
        }
        if (own != null) {
            own.apply(added.data(), at, added.data(), at);
        }
        if (factor != 1) {
            VectorMath.multiply(added.data(), at, factor, hidden.columns());
        }
        VectorMath.add(hidden.data(), at, added.data(), at, hidden.columns());
    }
}
