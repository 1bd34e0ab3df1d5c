package dev.weft.inference.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * {@code y[row][o] (+)= scale * sum_i x[row][i] * W[o][i]} over a {@link TiledMatrix}. Rows are
 * taken four at a time so that a weight is loaded and converted once for them; each row's own sum
 * runs over the inputs in the same order however many rows there are, so its bits do not depend on
 * its companions.
 *
 * <p>Two tiles times four rows is as large as a kernel may be before the compiler spills.
 */
public final class TiledProduct {
    private static final int LANES = VectorMath.LANES;

    private TiledProduct() {}

    /**
     * Inputs and outputs of one product.
     *
     * @param x rows of inputs; element 0 of a row is at column {@code xColumn}
     * @param y rows of outputs; output 0 of the matrix is at column {@code yColumn}
     * @param accumulate add to y instead of replacing it
     */
    public record Operands(
            FloatMatrix x,
            int xColumn,
            FloatMatrix y,
            int yColumn,
            float scale,
            boolean accumulate) {}

    /** Tiles {@code from} (inclusive) to {@code to} of the matrix, for the rows listed. */
    public static void multiply(
            TiledMatrix w, int from, int to, Operands operands, int[] rows, int rowCount) {
        for (int tile = from; tile < to; tile += 2) {
            boolean two = tile + 1 < to;
            int r = 0;
            for (; r + 4 <= rowCount; r += 4) {
                four(w, tile, operands, rows, r);
                if (two) {
                    four(w, tile + 1, operands, rows, r);
                }
            }
            for (; r < rowCount; r++) {
                if (two) {
                    oneByTwo(w, tile, operands, rows[r]);
                } else {
                    one(w, tile, operands, rows[r]);
                }
            }
        }
    }

    private static void four(TiledMatrix w, int tile, Operands op, int[] rows, int first) {
        MemorySegment x = op.x.data();
        long x0 = op.x.offset(rows[first], op.xColumn);
        long x1 = op.x.offset(rows[first + 1], op.xColumn);
        long x2 = op.x.offset(rows[first + 2], op.xColumn);
        long x3 = op.x.offset(rows[first + 3], op.xColumn);
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        MemorySegment weights = w.data();
        long at = w.offset(tile);
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector v = VectorMath.loadBf16(weights, at + (long) i * LANES * 2);
            long column = 4L * i;
            a0 = v.fma(broadcast(x, x0 + column), a0);
            a1 = v.fma(broadcast(x, x1 + column), a1);
            a2 = v.fma(broadcast(x, x2 + column), a2);
            a3 = v.fma(broadcast(x, x3 + column), a3);
        }
        store(a0, w, tile, op, rows[first]);
        store(a1, w, tile, op, rows[first + 1]);
        store(a2, w, tile, op, rows[first + 2]);
        store(a3, w, tile, op, rows[first + 3]);
    }

    private static void oneByTwo(TiledMatrix w, int tile, Operands op, int row) {
        MemorySegment x = op.x.data();
        long x0 = op.x.offset(row, op.xColumn);
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        MemorySegment weights = w.data();
        long at0 = w.offset(tile);
        long at1 = w.offset(tile + 1);
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector input = broadcast(x, x0 + 4L * i);
            a0 = VectorMath.loadBf16(weights, at0 + (long) i * LANES * 2).fma(input, a0);
            a1 = VectorMath.loadBf16(weights, at1 + (long) i * LANES * 2).fma(input, a1);
        }
        store(a0, w, tile, op, row);
        store(a1, w, tile + 1, op, row);
    }

    private static void one(TiledMatrix w, int tile, Operands op, int row) {
        MemorySegment x = op.x.data();
        long x0 = op.x.offset(row, op.xColumn);
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        MemorySegment weights = w.data();
        long at = w.offset(tile);
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector v = VectorMath.loadBf16(weights, at + (long) i * LANES * 2);
            a0 = v.fma(broadcast(x, x0 + 4L * i), a0);
        }
        store(a0, w, tile, op, row);
    }

    private static FloatVector broadcast(MemorySegment x, long offset) {
        return FloatVector.broadcast(VectorMath.FLOATS, x.get(ValueLayout.JAVA_FLOAT, offset));
    }

    private static void store(FloatVector sum, TiledMatrix w, int tile, Operands op, int row) {
        int column = tile * LANES;
        int count = Math.min(LANES, w.out() - column);
        MemorySegment y = op.y.data();
        long at = op.y.offset(row, op.yColumn + column);
        if (count == LANES) {
            FloatVector scaled = sum.mul(op.scale);
            (op.accumulate ? VectorMath.load(y, at).add(scaled) : scaled)
                    .intoMemorySegment(y, at, VectorMath.ORDER);
            return;
        }
        float[] lanes = sum.toArray();
        for (int i = 0; i < count; i++) {
            float scaled = lanes[i] * op.scale;
            float old = op.accumulate ? y.get(ValueLayout.JAVA_FLOAT, at + 4L * i) : 0f;
            y.set(ValueLayout.JAVA_FLOAT, at + 4L * i, op.accumulate ? old + scaled : scaled);
        }
    }
}
