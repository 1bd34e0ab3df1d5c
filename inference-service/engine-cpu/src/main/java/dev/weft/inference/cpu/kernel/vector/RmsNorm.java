package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;

/** {@code y = x / sqrt(mean(x^2) + epsilon) * weight}. */
public final class RmsNorm {
    private final float[] weight;
    private final float epsilon;

    public RmsNorm(float[] weight, float epsilon) {
        this.weight = weight.clone();
        this.epsilon = epsilon;
    }

    /** Returns this norm with other weights, as many. */
    public RmsNorm with(float[] other) {
        if (other.length != weight.length) {
            throw new IllegalArgumentException(
                    other.length + " weights for a norm of " + weight.length);
        }
        return new RmsNorm(other, epsilon);
    }

    /** Normalises as many floats as there are weights; source and target may be the same. */
    public void apply(MemorySegment source, long from, MemorySegment target, long to) {
        float mean = VectorMath.sumOfSquares(source, from, weight.length) / weight.length;
        float factor = (float) (1.0 / Math.sqrt(mean + epsilon));
        VectorMath.scale(source, from, target, to, factor, weight);
    }
}
