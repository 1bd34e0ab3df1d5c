package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.List;

/**
 * The int8 linear layer in the Vector API. Products of two 8-bit numbers are summed as floats,
 * which hold the sums of so many inputs as a block has exactly, in any order; the blocks are added
 * up as ints. So a row's bits do not depend on its companions, and they are those of oneDNN.
 */
final class VectorInt8Linear implements Linear {
    private final Int8Strips weights;
    private final List<VectorLayers.Buffers> buffers;

    VectorInt8Linear(Int8Strips weights, List<VectorLayers.Buffers> buffers) {
        this.buffers = buffers;
        this.weights = weights;
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
        return InputForm.INT8;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int from = member.from(weights.strips(), 1);
        int to = member.to(weights.strips(), 1);
        VectorLayers.Buffers own = buffers.get(member.index());
        if (rows == 1) {
            own.row().multiply(weights, from, to, x, y);
            return;
        }
        for (int row = 0; row < rows && from < to; row += PanelProduct.MOST_ROWS) {
            int count = Math.min(PanelProduct.MOST_ROWS, rows - row);
            own.panels().read(x.int8(), in(), row, count, weights.inputs());
            for (int strip = from; strip < to; strip++) {
                own.panels().multiplyExactly(weights, strip, Int8Strips.EXACT);
                int output = strip * PanelProduct.WIDTH;
                for (int i = 0; i < count; i++) {
                    own.panels().scale(i, weights.scales(), output, x.scale(row + i));
                }
                own.panels().store(weights, y, row, count, strip);
            }
        }
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
