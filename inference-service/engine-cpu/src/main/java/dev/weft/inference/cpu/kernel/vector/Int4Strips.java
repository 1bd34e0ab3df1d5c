package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.GroupedWeights;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights in 4 bits with a scale and a zero for each output and group of inputs. A strip is {@code
 * [in / 8][WIDTH]} ints, each an output's codes of eight inputs from the low bits on; behind it lie
 * {@code [groups][2][WIDTH]} floats: scales, and what a code of 0 stands for. Outputs are padded
 * with zeros.
 *
 * <p>A weight is {@code code * scale + base} in one rounding, which is exact if scales are float16
 * or bfloat16: it has the bits of {@code (code - zero) * scale}.
 */
final class Int4Strips implements PanelWeights {
    private static final int LANES = VectorMath.LANES;
    private static final int WIDTH = PanelProduct.WIDTH;

    /** Inputs of an int. */
    private static final int CODES = 8;

    private static final long INTS = (long) WIDTH * Integer.BYTES;
    private static final long GROUP = 2L * WIDTH * Float.BYTES;

    private final MemorySegment data;
    private final int[] groupOf;
    private final int in;
    private final int out;
    private final long stripBytes;

    /**
     * A matrix in that memory.
     *
     * @param data zeroed, {@link #bytes} bytes
     */
    Int4Strips(MemorySegment data, GroupedWeights weights) {
        this.data = data;
        this.groupOf = weights.groupOf();
        this.in = weights.shape().in();
        this.out = weights.shape().out();
        this.stripBytes = stripBytes(in, weights.groups());
    }

    static long bytes(Shape shape, int groups) {
        return Math.ceilDiv(shape.out(), WIDTH) * stripBytes(shape.in(), groups);
    }

    private static long stripBytes(int in, int groups) {
        return in / CODES * INTS + groups * GROUP;
    }

    /** Packs strips {@code from} (inclusive) to {@code to}; threads may pack different ones. */
    void fill(int from, int to, GroupedWeights weights) {
        byte[] codes = new byte[in];
        for (int output = from * WIDTH; output < Math.min(to * WIDTH, out); output++) {
            long strip = output / WIDTH * stripBytes;
            long lane = 4L * (output % WIDTH);
            weights.codes(output, codes);
            for (int i = 0; i < in; i += CODES) {
                data.set(ValueLayout.JAVA_INT, strip + i / CODES * INTS + lane, pack(codes, i));
            }
            for (int group = 0; group < weights.groups(); group++) {
                float scale = weights.scale(output, group);
                long at = strip + in / CODES * INTS + group * GROUP + lane;
                data.set(ValueLayout.JAVA_FLOAT, at, scale);
                float base = -weights.zero(output, group) * scale;
                data.set(ValueLayout.JAVA_FLOAT, at + GROUP / 2, base);
            }
        }
    }

    private static int pack(byte[] codes, int from) {
        int packed = 0;
        for (int i = 0; i < CODES; i++) {
            packed |= codes[from + i] << (4 * i);
        }
        return packed;
    }

    int strips() {
        return Math.ceilDiv(out, WIDTH);
    }

    int in() {
        return in;
    }

    int out() {
        return out;
    }

    @Override
    public int inputs() {
        return in;
    }

    @Override
    public void unpack(int strip, int from, int count, float[] panel) {
        long at = strip * stripBytes;
        unpack(data, at, at + in / CODES * INTS, groupOf, from, count, panel);
    }

    private static void unpack(
            MemorySegment data,
            long strip,
            long groups,
            int[] groupOf,
            int from,
            int count,
            float[] panel) {
        for (int i = 0; i < count; i += CODES) {
            long at = strip + (from + i) / CODES * INTS;
            IntVector left = VectorMath.loadInts(data, at);
            IntVector right = VectorMath.loadInts(data, at + INTS / 2);
            for (int k = 0; k < CODES; k++) {
                long group = groups + groupOf[from + i + k] * GROUP;
                int to = WIDTH * (i + k);
                weights(left, data, group).intoArray(panel, to);
                weights(right, data, group + GROUP / 4).intoArray(panel, to + LANES);
                left = left.lanewise(VectorOperators.LSHR, 4);
                right = right.lanewise(VectorOperators.LSHR, 4);
            }
        }
    }

    /** The weights of the codes in the lowest bits. */
    private static FloatVector weights(IntVector codes, MemorySegment data, long group) {
        FloatVector code =
                (FloatVector) codes.and(15).convertShape(VectorOperators.I2F, VectorMath.FLOATS, 0);
        return code.fma(VectorMath.load(data, group), VectorMath.load(data, group + GROUP / 2));
    }

    /**
     * Writes a strip's products with one row, in the order of the inputs, as {@link PanelProduct}
     * adds them up.
     *
     * @param target {@code [WIDTH]}
     */
    void multiply(int strip, float[] x, float[] target) {
        long at = strip * stripBytes;
        multiply(data, at, at + in / CODES * INTS, groupOf, x, target);
    }

    private static void multiply(
            MemorySegment data, long strip, long groups, int[] groupOf, float[] x, float[] target) {
        FloatVector a = FloatVector.zero(VectorMath.FLOATS);
        FloatVector b = a;
        for (int i = 0; i < groupOf.length; i += CODES) {
            long at = strip + i / CODES * INTS;
            IntVector left = VectorMath.loadInts(data, at);
            IntVector right = VectorMath.loadInts(data, at + INTS / 2);
            for (int k = 0; k < CODES; k++) {
                long group = groups + groupOf[i + k] * GROUP;
                FloatVector input = FloatVector.broadcast(VectorMath.FLOATS, x[i + k]);
                a = weights(left, data, group).fma(input, a);
                b = weights(right, data, group + GROUP / 4).fma(input, b);
                left = left.lanewise(VectorOperators.LSHR, 4);
                right = right.lanewise(VectorOperators.LSHR, 4);
            }
        }
        a.intoArray(target, 0);
        b.intoArray(target, LANES);
    }
}
