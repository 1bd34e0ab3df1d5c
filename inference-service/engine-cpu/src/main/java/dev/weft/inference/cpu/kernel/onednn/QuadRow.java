package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.QuadSums;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies one row by weights that oneDNN has packed in quads of bytes, on the Vector API, as
 * {@link PairRow} does in bf16 and for the same reason. The sums are exact and multiplied by the
 * scale of the output first, so they have the bits of oneDNN's. Each member has its own.
 */
final class QuadRow {
    private final GroupLayout layout;
    private final QuadSums sums = new QuadSums(QuadSums.WIDE);
    private final float[] outputs = new float[QuadSums.WIDE];

    private QuadRow(GroupLayout layout) {
        this.layout = layout;
    }

    /** The kernel for that layout, or null if there is none. */
    static @Nullable QuadRow of(GroupLayout layout) {
        return layout.columnBlock() % QuadSums.WIDE == 0 ? new QuadRow(layout) : null;
    }

    /** Room for the scales of so many columns, which are read in whole vectors. */
    static int scales(int columns) {
        return Math.ceilDiv(columns, QuadSums.WIDE) * QuadSums.WIDE;
    }

    /**
     * {@code y = x W} for one row.
     *
     * @param scales of the columns, as many as {@link #scales}
     * @param column of {@code y} that the first of {@code columns} outputs goes to
     */
    void multiply(
            MemorySegment weights,
            float[] scales,
            Activations x,
            FloatMatrix y,
            int column,
            int columns) {
        sums.read(x.int8(), layout.in());
        for (int from = 0; from < columns; from += QuadSums.WIDE) {
            sums.sum(weights, layout.offset(0, from), layout.groupBytes());
            sums.scale(scales, from, x.scale(0), outputs);
            int count = Math.min(QuadSums.WIDE, columns - from);
            VectorMath.copy(outputs, 0, y.data(), y.offset(0, column + from), count);
        }
    }
}
