package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Operators over one row of logits. */
public final class Logits {
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
        return Float.isFinite(max(values));
    }

    /**
     * Index of the largest value, the first of equal ones.
     *
     * @throws IllegalArgumentException if there is none: all are negative infinity, or one is NaN
     */
    public static int argmax(float[] values) {
        float max = max(values);
        if (max == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("no largest value: no token has a chance");
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == max) {
                return i;
            }
        }
        throw new IllegalArgumentException("no largest value among NaN");
    }

    private static float max(float[] values) {
        FloatVector best = FloatVector.broadcast(VectorMath.FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= values.length - VectorMath.LANES; i += VectorMath.LANES) {
            best = best.max(FloatVector.fromArray(VectorMath.FLOATS, values, i));
        }
        float max = Float.NEGATIVE_INFINITY;
        for (float lane : best.toArray()) {
            max = Math.max(max, lane);
        }
        for (; i < values.length; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }

    /** {@code log(sum(exp(values)))}. */
    public static double logSumExp(float[] values) {
        float max = max(values);
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
     * {@code exp((value - max) * factor)} for each value, into {@code target}; 0 below {@code
     * exp(-87)}, about the smallest normal float, so that none of these is ever drawn.
     *
     * @param max the largest value, finite; values may be negative infinity
     * @param factor finite, not negative
     */
    public static void exponentials(float[] values, float max, float factor, float[] target) {
        int i = 0;
        for (; i <= values.length - VectorMath.LANES; i += VectorMath.LANES) {
            FloatVector v =
                    FloatVector.fromArray(VectorMath.FLOATS, values, i).sub(max).mul(factor);
            weights(v).intoArray(target, i);
        }
        for (; i < values.length; i++) {
            float v = (values[i] - max) * factor;
            target[i] = weights(FloatVector.broadcast(VectorMath.FLOATS, v)).lane(0);
        }
    }

    private static FloatVector weights(FloatVector exponents) {
        return VectorMath.exp(exponents).blend(0f, exponents.lt(VectorMath.SMALLEST));
    }
}
