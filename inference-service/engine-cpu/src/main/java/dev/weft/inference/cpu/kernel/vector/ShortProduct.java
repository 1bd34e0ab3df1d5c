package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.OffHeap;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Adds products whose inputs are an adapter's ranks, over whole panels of a {@link TiledMatrix}:
 * too few inputs for a kernel that begins anew with each panel. One row takes a panel's four tiles
 * straight from where they lie. Several rows unpack two tiles at a time and share them, four rows
 * at once. Each output has one sum, in the order of the inputs, however many rows there are.
 *
 * <p>Its loops are short, and no others run through its methods: the compiler makes slower code of
 * a loop that is short at times and long at others. Each thread has its own instance.
 */
final class ShortProduct {
    /** Inputs at most. */
    static final int MOST_INPUTS = 64;

    private static final int LANES = VectorMath.LANES;

    /** Bytes from one tile of a pair of inputs to the next. */
    private static final long TILE = (long) LANES * Integer.BYTES;

    /** Rows that share unpacked weights in registers. */
    static final int ROWS = 4;

    /** Outputs that are unpacked at a time. */
    private static final int WIDTH = 2 * LANES;

    /** Rows that are taken at a time: their outputs stay in the second cache. */
    private static final int MOST_ROWS = 32;

    private final float[] weights = new float[MOST_INPUTS * WIDTH];
    private final float[] inputs = new float[MOST_INPUTS * MOST_ROWS];
    private final float[] sums = new float[ROWS * WIDTH];
    private final long[] targets = new long[MOST_ROWS];

    /**
     * Adds the products of rows, of which there are a multiple of {@link #ROWS}.
     *
     * @param rows of the batch by number, {@code rows[first]} to {@code rows[end - 1]}
     */
    void add(
            TiledMatrix w,
            int from,
            int to,
            TiledProduct.Operands op,
            int[] rows,
            int first,
            int end) {
        for (int row = first; row < end; row += MOST_ROWS) {
            int count = Math.min(MOST_ROWS, end - row);
            read(w, op, rows, row, count);
            for (int panel = from; panel < to; panel++) {
                int column = op.yColumn() + w.firstTile(panel) * LANES;
                addTwo(w, w.offset(panel), op, column, count);
                addTwo(w, w.offset(panel) + 2 * TILE, op, column + WIDTH, count);
            }
        }
    }

    /** Brings inputs into the order {@code [group of rows][inputs][ROWS]}. */
    private void read(TiledMatrix w, TiledProduct.Operands op, int[] rows, int first, int count) {
        int stride = 2 * w.pairs();
        FloatMatrix x = op.x();
        for (int row = 0; row < count; row++) {
            int to = row / ROWS * ROWS * stride + row % ROWS;
            int number = rows[first + row];
            for (int i = 0; i < w.in(); i++) {
                inputs[to + ROWS * i] = x.get(number, op.xColumn() + i);
            }
            for (int i = w.in(); i < stride; i++) {
                inputs[to + ROWS * i] = 0f;
            }
            targets[row] = op.y().offset(number, 0);
        }
    }

    /** Adds the products of two tiles of a panel to the outputs of the rows that were read. */
    private void addTwo(TiledMatrix w, long at, TiledProduct.Operands op, int column, int count) {
        int stride = 2 * w.pairs();
        unpack(w.data(), at, w.pairs(), weights);
        for (int row = 0; row < count; row += ROWS) {
            tile(inputs, row * stride, weights, stride, sums);
            for (int i = 0; i < ROWS; i++) {
                long target = targets[row + i] + (long) column * Float.BYTES;
                addRow(sums, i * WIDTH, op.scale(), op.y().data(), target);
            }
        }
    }

    private static void unpack(MemorySegment data, long from, int pairs, float[] weights) {
        for (int i = 0; i < pairs; i++) {
            TiledStrips.unpackPair(data, from + 4 * TILE * i, weights, 2 * WIDTH * i);
        }
    }

    private static void tile(float[] x, int from, float[] w, int count, float[] sums) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int i = 0; i < count; i++) {
            FloatVector w0 = FloatVector.fromArray(VectorMath.FLOATS, w, WIDTH * i);
            FloatVector w1 = FloatVector.fromArray(VectorMath.FLOATS, w, WIDTH * i + LANES);
            FloatVector input = broadcast(x[from + ROWS * i]);
            a0 = w0.fma(input, a0);
            a1 = w1.fma(input, a1);
            input = broadcast(x[from + ROWS * i + 1]);
            b0 = w0.fma(input, b0);
            b1 = w1.fma(input, b1);
            input = broadcast(x[from + ROWS * i + 2]);
            c0 = w0.fma(input, c0);
            c1 = w1.fma(input, c1);
            input = broadcast(x[from + ROWS * i + 3]);
            d0 = w0.fma(input, d0);
            d1 = w1.fma(input, d1);
        }
        a0.intoArray(sums, 0);
        a1.intoArray(sums, LANES);
        b0.intoArray(sums, WIDTH);
        b1.intoArray(sums, WIDTH + LANES);
        c0.intoArray(sums, 2 * WIDTH);
        c1.intoArray(sums, 2 * WIDTH + LANES);
        d0.intoArray(sums, 3 * WIDTH);
        d1.intoArray(sums, 3 * WIDTH + LANES);
    }

    private static void addRow(float[] sums, int from, float scale, MemorySegment y, long to) {
        add(y, to, FloatVector.fromArray(VectorMath.FLOATS, sums, from).mul(scale));
        add(y, to + TILE, FloatVector.fromArray(VectorMath.FLOATS, sums, from + LANES).mul(scale));
    }

    /** Adds the products of one row with inputs {@code x}, {@code [2 * pairs]}. */
    static void addOne(
            TiledMatrix w, int from, int to, TiledProduct.Operands op, float[] x, int row) {
        MemorySegment weights = w.data();
        MemorySegment y = op.y().data();
        int stride = 2 * w.pairs();
        long at = w.offset(from);
        long target = op.y().offset(row, op.yColumn() + w.firstTile(from) * LANES);
        for (int panel = from; panel < to; panel++) {
            FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            for (int i = 0; i < stride; i += 2) {
                IntVector pairs0 = VectorMath.loadInts(weights, at);
                IntVector pairs1 = VectorMath.loadInts(weights, at + TILE);
                IntVector pairs2 = VectorMath.loadInts(weights, at + 2 * TILE);
                IntVector pairs3 = VectorMath.loadInts(weights, at + 3 * TILE);
                FloatVector input = broadcast(x[i]);
                a0 = VectorMath.firsts(pairs0).fma(input, a0);
                a1 = VectorMath.firsts(pairs1).fma(input, a1);
                a2 = VectorMath.firsts(pairs2).fma(input, a2);
                a3 = VectorMath.firsts(pairs3).fma(input, a3);
                input = broadcast(x[i + 1]);
                a0 = VectorMath.seconds(pairs0).fma(input, a0);
                a1 = VectorMath.seconds(pairs1).fma(input, a1);
                a2 = VectorMath.seconds(pairs2).fma(input, a2);
                a3 = VectorMath.seconds(pairs3).fma(input, a3);
                at += 4 * TILE;
            }
            add(y, target, a0.mul(op.scale()));
            add(y, target + TILE, a1.mul(op.scale()));
            add(y, target + 2 * TILE, a2.mul(op.scale()));
            add(y, target + 3 * TILE, a3.mul(op.scale()));
            target += 4 * TILE;
        }
    }

    private static void add(MemorySegment y, long at, FloatVector sum) {
        VectorMath.load(y, at).add(sum).intoMemorySegment(OffHeap.of(y), at, VectorMath.ORDER);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorMath.FLOATS, value);
    }
}
