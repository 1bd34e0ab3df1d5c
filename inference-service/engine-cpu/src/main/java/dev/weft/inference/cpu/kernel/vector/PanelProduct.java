package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.OffHeap;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Multiplies rows by packed weights, panels outside and rows inside: a block of a strip's weights
 * is unpacked once, into the first cache, and then every group of four rows is multiplied by it.
 * The weights come from memory once for all rows, and are converted once.
 *
 * <p>A tile of four rows by two vectors of outputs has eight sums; with two weights and an input
 * they fill the 16 registers that the smallest vector units have. Each output's sum runs over the
 * inputs in their order, so a row's bits do not depend on its companions.
 *
 * <p>An instance holds the buffers of one member of a team, for all layers. All of its arrays are
 * on the heap: only for those does the compiler drop the checks of the inner loop.
 */
final class PanelProduct {
    private static final int LANES = VectorMath.LANES;

    /** Outputs of a strip. */
    static final int WIDTH = 2 * LANES;

    /** Rows of a group. */
    private static final int ROWS = 4;

    /** Sums of a group. */
    private static final int TILE = ROWS * WIDTH;

    /**
     * Inputs whose weights are unpacked at a time: they take half of a first cache of 32 KiB. With
     * 16 lanes half as many rows of weights as fill it are 5 to 7 % faster at 16 rows, and twice as
     * many a third slower (a Xeon with 48 KiB).
     */
    private static final int INPUTS = 4096 / WIDTH;

    /** Rows that are multiplied at a time: their inputs of one block stay in the second cache. */
    static final int MOST_ROWS = 128;

    /** Strips that lie together, at most. */
    private static final int STRIPS = TiledStrips.STRIPS;

    private final float[] panel = new float[STRIPS * INPUTS * WIDTH];
    private final float[] sums = new float[STRIPS * MOST_ROWS * WIDTH];
    private final int[] totals = new int[STRIPS * MOST_ROWS * WIDTH];

    /** {@code [group][columns][ROWS]}. */
    private float[] inputs = new float[0];

    /** The rows of a group, {@code [ROWS][columns]}. */
    private float[] plain = new float[0];

    private int groups;
    private int columns;

    /** Takes rows as floats; {@code padded} as {@link PanelWeights#inputs}. */
    void read(FloatMatrix x, int first, int rows, int padded) {
        begin(rows, padded);
        for (int row = 0; row < rows; row++) {
            int to = row % ROWS * columns;
            VectorMath.copy(x.data(), x.offset(first + row, 0), plain, to, x.columns());
            end(row, rows, x.columns());
        }
    }

    /** Takes rows of signed bytes, {@code [rows][in]}. */
    void read(MemorySegment x, int in, int first, int rows, int padded) {
        begin(rows, padded);
        for (int row = 0; row < rows; row++) {
            Conversions.fromInt8(x, (long) (first + row) * in, plain, row % ROWS * columns, in);
            end(row, rows, in);
        }
    }

    private void begin(int rows, int padded) {
        groups = (rows + ROWS - 1) / ROWS;
        columns = padded;
        if (inputs.length < groups * ROWS * padded) {
            inputs = new float[groups * ROWS * padded];
        }
        if (plain.length < ROWS * padded) {
            plain = new float[ROWS * padded];
        }
    }

    /** A row has been copied; a group's last row brings the group into its order. */
    private void end(int row, int rows, int in) {
        int last = row % ROWS;
        Arrays.fill(plain, last * columns + in, (last + 1) * columns, 0f);
        if (row + 1 < rows && last + 1 < ROWS) {
            return;
        }
        Arrays.fill(plain, (last + 1) * columns, ROWS * columns, 0f);
        interleave(plain, columns, inputs, row / ROWS * ROWS * columns);
    }

    private static void interleave(float[] rows, int columns, float[] target, int at) {
        for (int i = 0; i < columns; i++) {
            int to = at + ROWS * i;
            target[to] = rows[i];
            target[to + 1] = rows[columns + i];
            target[to + 2] = rows[2 * columns + i];
            target[to + 3] = rows[3 * columns + i];
        }
    }

    /**
     * Computes the outputs of strips that lie together for the rows that were read, in one sum
     * each.
     *
     * @param strip the first of them
     */
    void multiply(PanelWeights weights, int strip) {
        Arrays.fill(sums, 0, weights.together() * groups * TILE, 0f);
        add(weights, strip, 0, columns);
    }

    /**
     * Computes the outputs of strips that lie together for the rows that were read, if inputs and
     * weights are whole numbers: exactly, and then rounded once.
     *
     * @param exact inputs whose sums floats hold exactly
     */
    void multiplyExactly(PanelWeights weights, int strip, int exact) {
        int size = weights.together() * groups * TILE;
        Arrays.fill(totals, 0, size, 0);
        for (int from = 0; from < columns; from += exact) {
            Arrays.fill(sums, 0, size, 0f);
            add(weights, strip, from, Math.min(columns, from + exact));
            addWhole(sums, totals, size);
        }
        for (int i = 0; i < size; i++) {
            sums[i] = totals[i];
        }
    }

    /** {@code totals += sums}; the sums are whole numbers. */
    private static void addWhole(float[] sums, int[] totals, int count) {
        for (int i = 0; i < count; i++) {
            totals[i] += (int) sums[i];
        }
    }

    /** Adds the products of inputs {@code from} (a multiple of 4) to {@code to}. */
    private void add(PanelWeights weights, int firstStrip, int from, int to) {
        for (int first = from; first < to; first += INPUTS) {
            int count = Math.min(INPUTS, to - first);
            weights.unpack(firstStrip, first, count, panel);
            for (int strip = 0; strip < weights.together(); strip++) {
                add(first, count, strip);
            }
        }
    }

    /** Adds the products of a block of inputs of one of the strips that lie together. */
    private void add(int first, int count, int strip) {
        int weights = strip * count * WIDTH;
        for (int group = 0; group < groups; group++) {
            int at = (group * columns + first) * ROWS;
            tile(inputs, at, panel, weights, count, sums, (strip * groups + group) * TILE);
        }
    }

    /**
     * Writes the sums of strips that lie together to the rows from {@code first} on.
     *
     * @param strip the first of them
     */
    void store(PanelWeights weights, FloatMatrix y, int first, int rows, int strip) {
        for (int next = 0; next < weights.together(); next++) {
            int column = (strip + next) * WIDTH;
            store(next, y, first, rows, column, y.columns());
        }
    }

    /**
     * Writes the sums of a strip that lies alone to columns of the rows from {@code first} on.
     *
     * @param column of the strip's first output
     * @param end the column behind the layer's last output
     */
    void store(FloatMatrix y, int first, int rows, int column, int end) {
        store(0, y, first, rows, column, end);
    }

    private void store(int strip, FloatMatrix y, int first, int rows, int column, int end) {
        int count = Math.min(WIDTH, end - column);
        for (int row = 0; row < rows; row++) {
            int from = strip * groups * TILE + row * WIDTH;
            long to = y.offset(first + row, column);
            if (count == WIDTH) {
                storeVectors(sums, from, y.data(), to);
            } else {
                VectorMath.copy(sums, from, y.data(), to, count);
            }
        }
    }

    /** Multiplies a row's sums by the factor of each output, then by the row's own. */
    void scale(int row, float[] factors, int output, float factor) {
        for (int i = 0; i < WIDTH; i += LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, sums, row * WIDTH + i)
                    .mul(FloatVector.fromArray(VectorMath.FLOATS, factors, output + i))
                    .mul(factor)
                    .intoArray(sums, row * WIDTH + i);
        }
    }

    private static void storeVectors(float[] sums, int from, MemorySegment y, long to) {
        FloatVector.fromArray(VectorMath.FLOATS, sums, from)
                .intoMemorySegment(OffHeap.of(y), to, VectorMath.ORDER);
        FloatVector.fromArray(VectorMath.FLOATS, sums, from + LANES)
                .intoMemorySegment(OffHeap.of(y), to + 4L * LANES, VectorMath.ORDER);
    }

    /** Adds the products of {@code count} inputs to the sums of a group. */
    private static void tile(
            float[] x, int from, float[] w, int start, int count, float[] sums, int at) {
        FloatVector a0 = FloatVector.fromArray(VectorMath.FLOATS, sums, at);
        FloatVector a1 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + LANES);
        FloatVector b0 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + 2 * LANES);
        FloatVector b1 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + 3 * LANES);
        FloatVector c0 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + 4 * LANES);
        FloatVector c1 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + 5 * LANES);
        FloatVector d0 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + 6 * LANES);
        FloatVector d1 = FloatVector.fromArray(VectorMath.FLOATS, sums, at + 7 * LANES);
        for (int i = 0; i < count; i++) {
            FloatVector w0 = FloatVector.fromArray(VectorMath.FLOATS, w, start + WIDTH * i);
            FloatVector w1 = FloatVector.fromArray(VectorMath.FLOATS, w, start + WIDTH * i + LANES);
            FloatVector input = FloatVector.broadcast(VectorMath.FLOATS, x[from + 4 * i]);
            a0 = w0.fma(input, a0);
            a1 = w1.fma(input, a1);
            input = FloatVector.broadcast(VectorMath.FLOATS, x[from + 4 * i + 1]);
            b0 = w0.fma(input, b0);
            b1 = w1.fma(input, b1);
            input = FloatVector.broadcast(VectorMath.FLOATS, x[from + 4 * i + 2]);
            c0 = w0.fma(input, c0);
            c1 = w1.fma(input, c1);
            input = FloatVector.broadcast(VectorMath.FLOATS, x[from + 4 * i + 3]);
            d0 = w0.fma(input, d0);
            d1 = w1.fma(input, d1);
        }
        a0.intoArray(sums, at);
        a1.intoArray(sums, at + LANES);
        b0.intoArray(sums, at + 2 * LANES);
        b1.intoArray(sums, at + 3 * LANES);
        c0.intoArray(sums, at + 4 * LANES);
        c1.intoArray(sums, at + 5 * LANES);
        d0.intoArray(sums, at + 6 * LANES);
        d1.intoArray(sums, at + 7 * LANES);
    }
}
