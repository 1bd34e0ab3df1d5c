package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@code exp(score - largest) / sum}, over the scores of one query. */
final class Softmax {
    /**
     * The scores that count.
     *
     * @param from the first; those before it become 0
     * @param length the end; those from it on become 0
     * @param padded room, whole vectors
     */
    record Seen(int from, int length, int padded) {}

    private Softmax() {}

    /**
     * Turns the scores from {@code at} on into weights.
     *
     * @param sink a further score that takes weight; negative infinity for none
     */
    static void apply(float[] scores, int at, Seen seen, float sink) {
        int length = seen.length;
        int padded = seen.padded;
        Arrays.fill(scores, at, at + seen.from, Float.NEGATIVE_INFINITY);
        Arrays.fill(scores, at + length, at + padded, Float.NEGATIVE_INFINITY);
        float max = Math.max(sink, largest(scores, at, padded));
        FloatVector total = FloatVector.zero(VectorMath.FLOATS);
        int whole = length / VectorMath.LANES * VectorMath.LANES;
        int i = 0;
        if (seen.from > 0) {
            i = seen.from / VectorMath.LANES * VectorMath.LANES;
            Arrays.fill(scores, at, at + i, 0f);
            if (i < whole) {
                exponential(scores, at + i, max).intoArray(scores, at + i);
                Arrays.fill(scores, at + i, at + seen.from, 0f);
                total = total.add(FloatVector.fromArray(VectorMath.FLOATS, scores, at + i));
                i += VectorMath.LANES;
            }
        }
        for (; i < whole; i += VectorMath.LANES) {
            FloatVector e = exponential(scores, at + i, max);
            e.intoArray(scores, at + i);
            total = total.add(e);
        }
        if (whole < length) {
            exponential(scores, at + i, max).intoArray(scores, at + i);
            Arrays.fill(scores, at + length, at + i + VectorMath.LANES, 0f);
            Arrays.fill(scores, at + i, at + Math.max(i, seen.from), 0f);
            total = total.add(FloatVector.fromArray(VectorMath.FLOATS, scores, at + i));
            i += VectorMath.LANES;
        }
        Arrays.fill(scores, at + i, at + padded, 0f);
        float sum = VectorMath.sum(total);
        if (sink > Float.NEGATIVE_INFINITY) {
            sum += (float) Math.exp(sink - max);
        }
        float factor = 1f / sum;
        for (int j = 0; j < i; j += VectorMath.LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, scores, at + j)
                    .mul(factor)
                    .intoArray(scores, at + j);
        }
    }

    private static float largest(float[] scores, int at, int padded) {
        FloatVector largest = FloatVector.fromArray(VectorMath.FLOATS, scores, at);
        for (int i = VectorMath.LANES; i < padded; i += VectorMath.LANES) {
            FloatVector next = FloatVector.fromArray(VectorMath.FLOATS, scores, at + i);
            largest = largest.blend(next, next.compare(VectorOperators.GT, largest));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    private static FloatVector exponential(float[] scores, int at, float max) {
        return VectorMath.exp(FloatVector.fromArray(VectorMath.FLOATS, scores, at).sub(max));
    }
}
