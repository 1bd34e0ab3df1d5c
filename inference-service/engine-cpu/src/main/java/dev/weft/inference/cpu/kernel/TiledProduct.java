package dev.weft.inference.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * {@code y[row][o] (+)= scale * sum_i x[row][i] * W[o][i]} over a {@link TiledMatrix}. Rows are
 * taken four at a time and tiles two, so that a weight is loaded and converted once for four rows
 * and an input once for two tiles; that is as large as a kernel may be before the compiler spills.
 * Each row's own sum runs over the inputs in the same order however many rows there are, so its
 * bits do not depend on its companions.
 *
 * <p>An instance holds the inputs of four rows on the heap, where the compiler needs no checks in
 * the inner loop: each thread has its own.
 */
public final class TiledProduct {
    private static final int LANES = VectorMath.LANES;
    private static final int ROWS = 4;

    private float[] inputs = new float[0];

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
    public void multiply(
            TiledMatrix w, int from, int to, Operands operands, int[] rows, int rowCount) {
        if (from >= to) {
            return;
        }
        if (inputs.length < ROWS * w.in()) {
            inputs = new float[ROWS * w.in()];
        }
        int first = 0;
        for (; first + ROWS <= rowCount; first += ROWS) {
            read(operands, rows, first, ROWS, w.in());
            four(w, from, to, operands, rows, first);
        }
        for (; first < rowCount; first++) {
            read(operands, rows, first, 1, w.in());
            one(w, from, to, operands, rows[first]);
        }
    }

    private void read(Operands op, int[] rows, int first, int count, int in) {
        for (int r = 0; r < count; r++) {
            long from = op.x.offset(rows[first + r], op.xColumn);
            VectorMath.copy(op.x.data(), from, inputs, r * in, in);
        }
    }

    private void four(TiledMatrix w, int from, int to, Operands op, int[] rows, int first) {
        int tile = from;
        for (; tile + 2 <= to; tile += 2) {
            fourByTwo(w, tile, op, rows, first);
        }
        if (tile < to) {
            fourByOne(w, tile, op, rows, first);
        }
    }

    private void one(TiledMatrix w, int from, int to, Operands op, int row) {
        int tile = from;
        for (; tile + 2 <= to; tile += 2) {
            oneByTwo(w, tile, op, row);
        }
        if (tile < to) {
            oneByOne(w, tile, op, row);
        }
    }

    private void fourByTwo(TiledMatrix w, int tile, Operands op, int[] rows, int first) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        MemorySegment weights = w.data();
        long at0 = w.offset(tile);
        long at1 = w.offset(tile + 1);
        float[] x = inputs;
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector v0 = VectorMath.loadBf16(weights, at0 + (long) i * LANES * 2);
            FloatVector v1 = VectorMath.loadBf16(weights, at1 + (long) i * LANES * 2);
            FloatVector x0 = broadcast(x[i]);
            FloatVector x1 = broadcast(x[in + i]);
            FloatVector x2 = broadcast(x[2 * in + i]);
            FloatVector x3 = broadcast(x[3 * in + i]);
            a0 = v0.fma(x0, a0);
            b0 = v1.fma(x0, b0);
            a1 = v0.fma(x1, a1);
            b1 = v1.fma(x1, b1);
            a2 = v0.fma(x2, a2);
            b2 = v1.fma(x2, b2);
            a3 = v0.fma(x3, a3);
            b3 = v1.fma(x3, b3);
        }
        store(a0, w, tile, op, rows[first]);
        store(b0, w, tile + 1, op, rows[first]);
        store(a1, w, tile, op, rows[first + 1]);
        store(b1, w, tile + 1, op, rows[first + 1]);
        store(a2, w, tile, op, rows[first + 2]);
        store(b2, w, tile + 1, op, rows[first + 2]);
        store(a3, w, tile, op, rows[first + 3]);
        store(b3, w, tile + 1, op, rows[first + 3]);
    }

    private void fourByOne(TiledMatrix w, int tile, Operands op, int[] rows, int first) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        MemorySegment weights = w.data();
        long at = w.offset(tile);
        float[] x = inputs;
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector v = VectorMath.loadBf16(weights, at + (long) i * LANES * 2);
            a0 = v.fma(broadcast(x[i]), a0);
            a1 = v.fma(broadcast(x[in + i]), a1);
            a2 = v.fma(broadcast(x[2 * in + i]), a2);
            a3 = v.fma(broadcast(x[3 * in + i]), a3);
        }
        store(a0, w, tile, op, rows[first]);
        store(a1, w, tile, op, rows[first + 1]);
        store(a2, w, tile, op, rows[first + 2]);
        store(a3, w, tile, op, rows[first + 3]);
    }

    private void oneByTwo(TiledMatrix w, int tile, Operands op, int row) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        MemorySegment weights = w.data();
        long at0 = w.offset(tile);
        long at1 = w.offset(tile + 1);
        float[] x = inputs;
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector input = broadcast(x[i]);
            a0 = VectorMath.loadBf16(weights, at0 + (long) i * LANES * 2).fma(input, a0);
            a1 = VectorMath.loadBf16(weights, at1 + (long) i * LANES * 2).fma(input, a1);
        }
        store(a0, w, tile, op, row);
        store(a1, w, tile + 1, op, row);
    }

    private void oneByOne(TiledMatrix w, int tile, Operands op, int row) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        MemorySegment weights = w.data();
        long at = w.offset(tile);
        float[] x = inputs;
        int in = w.in();
        for (int i = 0; i < in; i++) {
            FloatVector v = VectorMath.loadBf16(weights, at + (long) i * LANES * 2);
            a0 = v.fma(broadcast(x[i]), a0);
        }
        store(a0, w, tile, op, row);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorMath.FLOATS, value);
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
