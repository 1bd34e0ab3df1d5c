package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@code exp(score - largest) / sum}, over the scores of one query. */
final class Softmax {
    private Softmax() {}

    /**
     * Turns the scores from {@code at} on into weights.
     *
     * @param length scores; what lies behind them becomes 0
     * @param padded room, whole vectors
     */
    static void apply(float[] scores, int at, int length, int padded) {
        Arrays.fill(scores, at + length, at + padded, Float.NEGATIVE_INFINITY);
        FloatVector largest = FloatVector.fromArray(VectorMath.FLOATS, scores, at);
        for (int i = VectorMath.LANES; i < padded; i += VectorMath.LANES) {
            largest = largest.max(FloatVector.fromArray(VectorMath.FLOATS, scores, at + i));
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        FloatVector total = FloatVector.zero(VectorMath.FLOATS);
        int whole = length / VectorMath.LANES * VectorMath.LANES;
        int i = 0;
        for (; i < whole; i += VectorMath.LANES) {
            FloatVector e = exponential(scores, at + i, max);
            e.intoArray(scores, at + i);
            total = total.add(e);
        }
        if (whole < length) {
            exponential(scores, at + i, max).intoArray(scores, at + i);
            Arrays.fill(scores, at + length, at + i + VectorMath.LANES, 0f);
            total = total.add(FloatVector.fromArray(VectorMath.FLOATS, scores, at + i));
            i += VectorMath.LANES;
        }
        Arrays.fill(scores, at + i, at + padded, 0f);
        float factor = 1f / VectorMath.sum(total);
        for (int j = 0; j < i; j += VectorMath.LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, scores, at + j)
                    .mul(factor)
                    .intoArray(scores, at + j);
        }
    }

    private static FloatVector exponential(float[] scores, int at, float max) {
        return VectorMath.exp(FloatVector.fromArray(VectorMath.FLOATS, scores, at).sub(max));
    }
}
