package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.ArrayList;
import java.util.List;

/**
 * The linear layer with weights in 4 bits in the Vector API; inputs are floats. Parts whose inputs
 * are in other groups are packed on their own, and members share the strips of all.
 */
final class VectorInt4Linear implements Linear {
    private final List<Part> parts;
    private final List<Int4Layers.Buffers> buffers;
    private final int in;
    private final int out;
    private final int strips;

    /**
     * A part of the outputs.
     *
     * @param strip of the first one, among the strips of all parts
     * @param column of the first one, among all outputs
     */
    private record Part(Int4Strips weights, int strip, int column) {
        int from(int first) {
            return Math.clamp(first - strip, 0, weights.strips());
        }

        int column(int local) {
            return column + local * PanelProduct.WIDTH;
        }

        /** The column behind the part's last. */
        int end() {
            return column + weights.out();
        }
    }

    /** The parts on top of each other. */
    VectorInt4Linear(List<Int4Strips> weights, List<Int4Layers.Buffers> buffers) {
        List<Part> all = new ArrayList<>();
        int strip = 0;
        int column = 0;
        for (Int4Strips one : weights) {
            all.add(new Part(one, strip, column));
            strip += one.strips();
            column += one.out();
        }
        this.parts = List.copyOf(all);
        this.buffers = buffers;
        this.in = weights.getFirst().in();
        this.out = column;
        this.strips = strip;
    }

    @Override
    public int in() {
        return in;
    }

    @Override
    public int out() {
        return out;
    }

    @Override
    public InputForm inputs() {
        return InputForm.FLOAT;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int from = member.from(strips, 1);
        int to = member.to(strips, 1);
        Int4Layers.Buffers own = buffers.get(member.index());
        if (rows == 1) {
            float[] inputs = own.row(in);
            VectorMath.copy(x.floats().data(), x.floats().offset(0, 0), inputs, 0, in);
            for (Part part : parts) {
                multiplyRow(own, part, part.from(from), part.from(to), inputs, y);
            }
            return;
        }
        for (int row = 0; row < rows && from < to; row += PanelProduct.MOST_ROWS) {
            int count = Math.min(PanelProduct.MOST_ROWS, rows - row);
            own.panels().read(x.floats(), row, count, in);
            for (Part part : parts) {
                for (int strip = part.from(from); strip < part.from(to); strip++) {
                    own.panels().multiply(part.weights, strip);
                    own.panels().store(y, row, count, part.column(strip), part.end());
                }
            }
        }
    }

    private static void multiplyRow(
            Int4Layers.Buffers own, Part part, int from, int to, float[] inputs, FloatMatrix y) {
        for (int strip = from; strip < to; strip++) {
            part.weights.multiply(strip, inputs, own.sums());
            int column = part.column(strip);
            int count = Math.min(PanelProduct.WIDTH, part.end() - column);
            VectorMath.copy(own.sums(), 0, y.data(), y.offset(0, column), count);
        }
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
