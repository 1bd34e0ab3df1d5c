package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies one row by weights that oneDNN has packed in pairs of bf16, on the Vector API. A
 * single row takes as long as reading its weights, and oneDNN's kernels for a few rows read them
 * slowly. The result has the bits of oneDNN's, so that a row's bits don't depend on how many are
 * computed with it: for each output the pairs are added one after the other, the second of a pair
 * first, fused; sums of {@code block} inputs are then added up. That is how processors multiply
 * pairs of bf16 (Intel's manual on {@code VDPBF16PS}) and how oneDNN cuts sums into blocks; {@link
 * #like} finds out whether it holds here and how long a block is. Each member has its own.
 *
 * <p>The exception are numbers below 1.2e-38, which those instructions take for 0.
 */
final class PairRow {
    private static final int LANES = VectorMath.LANES;

    /** Vectors of outputs that are summed up at once. */
    private static final int GROUP = 4;

    /** Outputs of either end of a slice that are compared. */
    private static final int COMPARED = 16;

    private final GroupLayout layout;
    private final int block;
    private final float[] inputs;
    private final float[] totals = new float[GROUP * LANES];

    private PairRow(GroupLayout layout, int block) {
        this.layout = layout;
        this.block = block;
        this.inputs = new float[layout.in()];
    }

    /**
     * The kernel whose sums have the bits of a product that oneDNN has computed, or null if none is
     * known.
     *
     * @param weights packed
     * @param x the row it was computed from
     * @param y the row it computed
     */
    static @Nullable PairRow like(GroupLayout layout, MemorySegment weights, float[] x, float[] y) {
        if (layout.columnBlock() % (GROUP * LANES) != 0) {
            return null;
        }
        int in = layout.in();
        List<Integer> blocks =
                Stream.of(in, 4096, 2048, 1024, 512, 256, 128, 64)
                        .filter(b -> b <= in)
                        .distinct()
                        .toList();
        List<Integer> equal = blocks.stream().filter(b -> equal(layout, weights, x, y, b)).toList();
        // Weights that tell no block from another, such as zeros, prove nothing.
        return equal.size() == 1 ? new PairRow(layout, equal.getFirst()) : null;
    }

    private static boolean equal(
            GroupLayout layout, MemorySegment weights, float[] x, float[] y, int block) {
        int columns = y.length;
        for (int column = 0; column < columns; column++) {
            boolean compared = column < COMPARED || column >= columns - COMPARED;
            if (compared && sum(layout, weights, x, column, block) != y[column]) {
                return false;
            }
        }
        return true;
    }

    /** One output, plainly. */
    private static float sum(
            GroupLayout layout, MemorySegment weights, float[] x, int column, int block) {
        float total = 0;
        for (int from = 0; from < x.length; from += block) {
            float sum = 0;
            for (int k = from; k < Math.min(x.length, from + block); k += 2) {
                int pair = weights.get(ValueLayout.JAVA_INT, layout.offset(k / 2, column));
                sum = Math.fma(Bf16.second(pair), x[k + 1], sum);
                sum = Math.fma(Bf16.first(pair), x[k], sum);
            }
            total = from == 0 ? sum : total + sum;
        }
        return total;
    }

    /**
     * {@code y = x W} for one row.
     *
     * @param x the row, in bf16
     * @param column of {@code y} that the first of {@code columns} outputs goes to
     */
    void multiply(MemorySegment weights, MemorySegment x, FloatMatrix y, int column, int columns) {
        Conversions.fromBf16(x, inputs);
        for (int from = 0; from < columns; from += totals.length) {
            for (int k = 0; k < inputs.length; k += block) {
                sum(weights, from, k, Math.min(inputs.length, k + block));
            }
            int count = Math.min(totals.length, columns - from);
            VectorMath.copy(totals, 0, y.data(), y.offset(0, column + from), count);
        }
    }

    /** The sums of one block of inputs for a group of outputs. */
    private void sum(MemorySegment weights, int column, int from, int to) {
        FloatVector a = FloatVector.zero(VectorMath.FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long at = layout.offset(from / 2, column);
        long step = layout.groupBytes();
        for (int k = from; k < to; k += 2) {
            FloatVector first = FloatVector.broadcast(VectorMath.FLOATS, inputs[k]);
            FloatVector second = FloatVector.broadcast(VectorMath.FLOATS, inputs[k + 1]);
            IntVector pairs = VectorMath.loadInts(weights, at);
            a = VectorMath.firsts(pairs).fma(first, VectorMath.seconds(pairs).fma(second, a));
            pairs = VectorMath.loadInts(weights, at + 4L * LANES);
            b = VectorMath.firsts(pairs).fma(first, VectorMath.seconds(pairs).fma(second, b));
            pairs = VectorMath.loadInts(weights, at + 8L * LANES);
            c = VectorMath.firsts(pairs).fma(first, VectorMath.seconds(pairs).fma(second, c));
            pairs = VectorMath.loadInts(weights, at + 12L * LANES);
            d = VectorMath.firsts(pairs).fma(first, VectorMath.seconds(pairs).fma(second, d));
            at += step;
        }
        add(a, 0, from);
        add(b, LANES, from);
        add(c, 2 * LANES, from);
        add(d, 3 * LANES, from);
    }

    private void add(FloatVector sums, int at, int from) {
        FloatVector all =
                from == 0 ? sums : FloatVector.fromArray(VectorMath.FLOATS, totals, at).add(sums);
        all.intoArray(totals, at);
    }
}
