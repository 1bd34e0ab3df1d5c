package dev.weft.inference.cpu.kernel.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * The functions between the two products of an MLP, and the one that bounds logits, over rows of
 * floats. They give the same bits interpreted and compiled, as {@link VectorMath} does.
 */
public final class ActivationMath {
    private static final float GELU_ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float GELU_CUBE = 0.044715f;

    private ActivationMath() {}

    /** {@code target = silu(gate) * up}, with {@code silu(x) = x / (1 + exp(-x))}. */
    public static void siluMultiply(
            MemorySegment source, long gate, long up, MemorySegment target, long to, int count) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            FloatVector g = VectorMath.load(source, gate + 4L * i);
            FloatVector silu = g.div(VectorMath.exp(g.neg()).add(1f));
            silu.mul(VectorMath.load(source, up + 4L * i))
                    .intoMemorySegment(OffHeap.of(target), to + 4L * i, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            float g = source.get(ValueLayout.JAVA_FLOAT, gate + 4L * i);
            float silu =
                    g / (1f + VectorMath.exp(FloatVector.broadcast(VectorMath.FLOATS, -g)).lane(0));
            float value = silu * source.get(ValueLayout.JAVA_FLOAT, up + 4L * i);
            target.set(ValueLayout.JAVA_FLOAT, to + 4L * i, value);
        }
    }

    /**
     * {@code target = gelu(gate) * up}, with {@code gelu(x) = x / (1 + exp(-2 u))} and {@code u =
     * sqrt(2 / pi) * (x + 0.044715 x^3)}, which is the form with tanh.
     */
    public static void geluMultiply(
            MemorySegment source, long gate, long up, MemorySegment target, long to, int count) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            gelu(VectorMath.load(source, gate + 4L * i))
                    .mul(VectorMath.load(source, up + 4L * i))
                    .intoMemorySegment(OffHeap.of(target), to + 4L * i, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            float g = source.get(ValueLayout.JAVA_FLOAT, gate + 4L * i);
            float gelu = gelu(FloatVector.broadcast(VectorMath.FLOATS, g)).lane(0);
            float value = gelu * source.get(ValueLayout.JAVA_FLOAT, up + 4L * i);
            target.set(ValueLayout.JAVA_FLOAT, to + 4L * i, value);
        }
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector cube = x.mul(x).mul(x);
        FloatVector u = cube.mul(GELU_CUBE).add(x).mul(-2 * GELU_ROOT);
        return x.div(VectorMath.exp(u).add(1f));
    }

    /**
     * {@code target = (min(max(up, -limit), limit) + 1) * g * sigmoid(alpha * g)}, with {@code g =
     * min(gate, limit)}.
     */
    public static void clampedSwiglu(
            MemorySegment source,
            long gate,
            long up,
            MemorySegment target,
            long to,
            int count,
            float alpha,
            float limit) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            clampedSwiglu(
                            VectorMath.load(source, gate + 4L * i),
                            VectorMath.load(source, up + 4L * i),
                            alpha,
                            limit)
                    .intoMemorySegment(OffHeap.of(target), to + 4L * i, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            float g = source.get(ValueLayout.JAVA_FLOAT, gate + 4L * i);
            float u = source.get(ValueLayout.JAVA_FLOAT, up + 4L * i);
            FloatVector value =
                    clampedSwiglu(
                            FloatVector.broadcast(VectorMath.FLOATS, g),
                            FloatVector.broadcast(VectorMath.FLOATS, u),
                            alpha,
                            limit);
            target.set(ValueLayout.JAVA_FLOAT, to + 4L * i, value.lane(0));
        }
    }

    private static FloatVector clampedSwiglu(
            FloatVector gate, FloatVector up, float alpha, float limit) {
        FloatVector g = gate.min(limit);
        FloatVector glu = g.div(VectorMath.exp(g.mul(-alpha)).add(1f));
        return up.max(-limit).min(limit).add(1f).mul(glu);
    }

    /** {@code data = cap * tanh(data / cap)}, absolute error below {@code 2e-7 * cap}. */
    public static void cap(MemorySegment data, long offset, int count, float cap) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            long at = offset + 4L * i;
            cap(VectorMath.load(data, at), cap)
                    .intoMemorySegment(OffHeap.of(data), at, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            long at = offset + 4L * i;
            float x = data.get(ValueLayout.JAVA_FLOAT, at);
            float capped = cap(FloatVector.broadcast(VectorMath.FLOATS, x), cap).lane(0);
            data.set(ValueLayout.JAVA_FLOAT, at, capped);
        }
    }

    /** {@code data = cap * tanh(data / cap)}, as for a segment. */
    public static void cap(float[] data, int at, int count, float cap) {
        int i = at;
        for (; i <= at + count - VectorMath.LANES; i += VectorMath.LANES) {
            cap(FloatVector.fromArray(VectorMath.FLOATS, data, i), cap).intoArray(data, i);
        }
        for (; i < at + count; i++) {
            data[i] = cap(FloatVector.broadcast(VectorMath.FLOATS, data[i]), cap).lane(0);
        }
    }

    private static FloatVector cap(FloatVector x, float cap) {
        FloatVector e = VectorMath.exp(x.mul(2 / cap)).add(1f);
        return FloatVector.broadcast(VectorMath.FLOATS, cap)
                .sub(FloatVector.broadcast(VectorMath.FLOATS, 2 * cap).div(e));
    }
}
