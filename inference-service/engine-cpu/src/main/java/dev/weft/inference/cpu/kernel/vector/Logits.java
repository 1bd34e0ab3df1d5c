package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Operators over one row of logits. */
public final class Logits {
    /** {@code [lanes]}: the bit of each lane. */
    private static final IntVector LANE_BITS =
            IntVector.broadcast(VectorMath.INTS, 1)
                    .lanewise(VectorOperators.LSHL, IntVector.zero(VectorMath.INTS).addIndex(1));

    private Logits() {}

    public static void copyRow(FloatMatrix logits, int row, float[] target) {
        MemorySegment.copy(
                logits.data(),
                ValueLayout.JAVA_FLOAT,
                logits.offset(row, 0),
                target,
                0,
                target.length);
    }

    /** False if a value is NaN or the largest one is infinite: no token can be chosen. */
    public static boolean usable(float[] values) {
        return usable(values, values.length);
    }

    /**
     * False if one of the first {@code count} values is NaN or the largest of them is infinite: no
     * token can be chosen.
     */
    public static boolean usable(float[] values, int count) {
        return Float.isFinite(max(values, count));
    }

    /**
     * Index of the largest value, the first of equal ones.
     *
     * @throws IllegalArgumentException if there is none: all are negative infinity, or one is NaN
     */
    public static int argmax(float[] values) {
        return argmax(values, values.length);
    }

    /** Index of the largest of the first {@code count} values, the first of equal ones. */
    public static int argmax(float[] values, int count) {
        float max = max(values, count);
        if (max == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("no largest value: no token has a chance");
        }
        for (int i = 0; i < count; i++) {
            if (values[i] == max) {
                return i;
            }
        }
        throw new IllegalArgumentException("no largest value among NaN");
    }

    private static float max(float[] values, int count) {
        FloatVector best = FloatVector.broadcast(VectorMath.FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            best = best.max(FloatVector.fromArray(VectorMath.FLOATS, values, i));
        }
        float max = Float.NEGATIVE_INFINITY;
        for (float lane : best.toArray()) {
            max = Math.max(max, lane);
        }
        for (; i < count; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }

    /**
     * Copies the values whose bit is set; the others become negative infinity.
     *
     * @param bits value {@code i} has bit {@code i % 64} of word {@code i / 64}
     */
    public static void mask(float[] values, long[] bits, float[] target) {
        FloatVector none = FloatVector.broadcast(VectorMath.FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= values.length - VectorMath.LANES; i += VectorMath.LANES) {
            VectorMask<Integer> allowed =
                    IntVector.broadcast(VectorMath.INTS, (int) (bits[i >> 6] >>> i))
                            .and(LANE_BITS)
                            .compare(VectorOperators.NE, 0);
            none.blend(
                            FloatVector.fromArray(VectorMath.FLOATS, values, i),
                            allowed.cast(VectorMath.FLOATS))
                    .intoArray(target, i);
        }
        for (; i < values.length; i++) {
            boolean allowed = (bits[i >> 6] >>> i & 1) != 0;
            target[i] = allowed ? values[i] : Float.NEGATIVE_INFINITY;
        }
    }

    /** {@code log(sum(exp(values)))}. */
    public static double logSumExp(float[] values) {
        float max = max(values, values.length);
        double sum = 0;
        int i = 0;
        for (; i <= values.length - VectorMath.LANES; i += VectorMath.LANES) {
            FloatVector v = FloatVector.fromArray(VectorMath.FLOATS, values, i).sub(max);
            sum += VectorMath.sum(VectorMath.exp(v));
        }
        for (; i < values.length; i++) {
            sum += Math.exp(values[i] - max);
        }
        return max + Math.log(sum);
    }

    /**
     * {@code exp((value - max) * factor)} for the first {@code count} values, into {@code target};
     * 0 below {@code exp(-87)}, about the smallest normal float, so that none of these is ever
     * drawn.
     *
     * @param max the largest value, finite; values may be negative infinity
     * @param factor finite, not negative
     */
    public static void exponentials(
            float[] values, int count, float max, float factor, float[] target) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            FloatVector v =
                    FloatVector.fromArray(VectorMath.FLOATS, values, i).sub(max).mul(factor);
            weights(v).intoArray(target, i);
        }
        for (; i < count; i++) {
            float v = (values[i] - max) * factor;
            target[i] = weights(FloatVector.broadcast(VectorMath.FLOATS, v)).lane(0);
        }
    }

    private static FloatVector weights(FloatVector exponents) {
        return VectorMath.exp(exponents).blend(0f, exponents.lt(VectorMath.SMALLEST));
    }
}
