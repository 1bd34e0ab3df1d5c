package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.List;

/** The linear layer with weights in 4 bits in the Vector API; inputs are floats. */
final class VectorInt4Linear implements Linear {
    private final Int4Strips weights;
    private final List<Int4Layers.Buffers> buffers;

    VectorInt4Linear(Int4Strips weights, List<Int4Layers.Buffers> buffers) {
        this.weights = weights;
        this.buffers = buffers;
    }

    @Override
    public int in() {
        return weights.in();
    }

    @Override
    public int out() {
        return weights.out();
    }

    @Override
    public InputForm inputs() {
        return InputForm.FLOAT;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int from = member.from(weights.strips(), 1);
        int to = member.to(weights.strips(), 1);
        Int4Layers.Buffers own = buffers.get(member.index());
        if (rows == 1) {
            multiplyRow(own, from, to, x.floats(), y);
            return;
        }
        for (int row = 0; row < rows && from < to; row += PanelProduct.MOST_ROWS) {
            int count = Math.min(PanelProduct.MOST_ROWS, rows - row);
            own.panels().read(x.floats(), row, count, weights.inputs());
            for (int strip = from; strip < to; strip++) {
                own.panels().multiply(weights, strip);
                own.panels().store(y, row, count, strip);
            }
        }
    }

    private void multiplyRow(
            Int4Layers.Buffers own, int from, int to, FloatMatrix x, FloatMatrix y) {
        float[] inputs = own.row(in());
        VectorMath.copy(x.data(), x.offset(0, 0), inputs, 0, in());
        for (int strip = from; strip < to; strip++) {
            weights.multiply(strip, inputs, own.sums());
            int column = strip * PanelProduct.WIDTH;
            int count = Math.min(PanelProduct.WIDTH, out() - column);
            VectorMath.copy(own.sums(), 0, y.data(), y.offset(0, column), count);
        }
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
