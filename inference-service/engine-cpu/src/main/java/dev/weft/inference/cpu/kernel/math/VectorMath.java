package dev.weft.inference.cpu.kernel.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector operators over rows of floats. Sums are reduced lane by lane in a fixed order and the
 * exponential is our own polynomial, so that interpreted and compiled code give the same bits.
 */
public final class VectorMath {
    public static final VectorSpecies<Float> FLOATS = InstructionSet.floats();
    public static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, FLOATS.vectorShape());

    public static final int LANES = FLOATS.length();
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Adding and taking away 1.5 * 2^23 rounds to the nearest integer. */
    private static final float ROUNDER = 12582912f;

    /**
     * All bits of a float but its sign. So masked, floats order as their bits do as integers, and
     * NaN comes after infinity.
     */
    static final int MAGNITUDE = 0x7fffffff;

    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.1219444e-4f;
    private static final float LARGEST = 88f;

    /** Smaller exponents are clamped to it. */
    public static final float SMALLEST = -87f;

    private VectorMath() {}

    /** The instruction set of these vectors, e.g. {@code avx512} or {@code neon}. */
    public static String instructionSet() {
        return InstructionSet.ofVectors(FLOATS.vectorBitSize(), System.getProperty("os.arch"));
    }

    /** {@code exp(x)} for each lane, relative error below 3e-7, clamped to finite results. */
    public static FloatVector exp(FloatVector x) {
        // Comparing takes two instructions where min, which minds the sign of zero, takes six.
        FloatVector below = x.blend(LARGEST, x.compare(VectorOperators.GT, LARGEST));
        FloatVector clamped = below.blend(SMALLEST, below.compare(VectorOperators.LT, SMALLEST));
        FloatVector shifted = shift(clamped.mul(LOG2_E));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), clamped);
        r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(FLOATS, 1.9875691e-4f);
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.0013981999f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.008333452f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.041665796f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.16666666f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
        p = p.fma(r.mul(r), r).add(1f);
        // The rounder's own bits leave the word at the upper end.
        IntVector exponent = shifted.reinterpretAsInts().add(127);
        return p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }

    /** Sum of the lanes, first to last. */
    public static float sum(FloatVector v) {
        float[] lanes = v.toArray();
        float sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    /** Sum of squares of {@code count} floats. */
    public static float sumOfSquares(MemorySegment data, long offset, int count) {
        FloatVector acc = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = load(data, offset + 4L * i);
            acc = v.fma(v, acc);
        }
        float sum = sum(acc);
        for (; i < count; i++) {
            float v = data.get(ValueLayout.JAVA_FLOAT, offset + 4L * i);
            sum = Math.fma(v, v, sum);
        }
        return sum;
    }

    /** {@code target += source}. */
    public static void add(
            MemorySegment target,
            long targetOffset,
            MemorySegment source,
            long sourceOffset,
            int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = targetOffset + 4L * i;
            load(target, at)
                    .add(load(source, sourceOffset + 4L * i))
                    .intoMemorySegment(OffHeap.of(target), at, ORDER);
        }
        for (; i < count; i++) {
            long at = targetOffset + 4L * i;
            float sum =
                    target.get(ValueLayout.JAVA_FLOAT, at)
                            + source.get(ValueLayout.JAVA_FLOAT, sourceOffset + 4L * i);
            target.set(ValueLayout.JAVA_FLOAT, at, sum);
        }
    }

    /** {@code target += source}, from element {@code at} of the source on. */
    public static void add(MemorySegment target, long offset, float[] source, int at, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long to = offset + 4L * i;
            load(target, to)
                    .add(FloatVector.fromArray(FLOATS, source, at + i))
                    .intoMemorySegment(OffHeap.of(target), to, ORDER);
        }
        for (; i < count; i++) {
            long to = offset + 4L * i;
            float sum = target.get(ValueLayout.JAVA_FLOAT, to) + source[at + i];
            target.set(ValueLayout.JAVA_FLOAT, to, sum);
        }
    }

    /** {@code target = source * factor * weight}, the last step of an RMS norm. */
    public static void scale(
            MemorySegment source,
            long from,
            MemorySegment target,
            long to,
            float factor,
            float[] weight) {
        int count = weight.length;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(source, from + 4L * i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(FLOATS, weight, i))
                    .intoMemorySegment(OffHeap.of(target), to + 4L * i, ORDER);
        }
        for (; i < count; i++) {
            float value = source.get(ValueLayout.JAVA_FLOAT, from + 4L * i) * factor * weight[i];
            target.set(ValueLayout.JAVA_FLOAT, to + 4L * i, value);
        }
    }

    /** The sum of products with floats of an array, in a fixed order. */
    public static float dot(MemorySegment data, long offset, float[] factors, int at, int count) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            sum =
                    load(data, offset + 4L * i)
                            .fma(FloatVector.fromArray(FLOATS, factors, at + i), sum);
        }
        float dot = sum(sum);
        for (; i < count; i++) {
            dot = Math.fma(data.get(ValueLayout.JAVA_FLOAT, offset + 4L * i), factors[at + i], dot);
        }
        return dot;
    }

    /** {@code target += factor * source}. */
    public static void addScaled(
            MemorySegment target,
            long to,
            MemorySegment source,
            long from,
            float factor,
            int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = to + 4L * i;
            load(source, from + 4L * i)
                    .mul(factor)
                    .add(load(target, at))
                    .intoMemorySegment(OffHeap.of(target), at, ORDER);
        }
        for (; i < count; i++) {
            long at = to + 4L * i;
            float added = source.get(ValueLayout.JAVA_FLOAT, from + 4L * i) * factor;
            target.set(ValueLayout.JAVA_FLOAT, at, target.get(ValueLayout.JAVA_FLOAT, at) + added);
        }
    }

    /**
     * Turns a vector of {@code 2 * half} floats in place: elements {@code i} and {@code half + i}
     * by the angle whose cosine is {@code angles[i]} and whose sine is {@code angles[half + i]}.
     */
    public static void rotate(MemorySegment data, long offset, float[] angles) {
        int half = angles.length / 2;
        int i = 0;
        for (; i <= half - LANES; i += LANES) {
            long low = offset + 4L * i;
            long high = low + 4L * half;
            FloatVector a = load(data, low);
            FloatVector b = load(data, high);
            FloatVector cosine = FloatVector.fromArray(FLOATS, angles, i);
            FloatVector sine = FloatVector.fromArray(FLOATS, angles, half + i);
            a.mul(cosine).sub(b.mul(sine)).intoMemorySegment(OffHeap.of(data), low, ORDER);
            b.mul(cosine).add(a.mul(sine)).intoMemorySegment(OffHeap.of(data), high, ORDER);
        }
        for (; i < half; i++) {
            long low = offset + 4L * i;
            long high = low + 4L * half;
            float a = data.get(ValueLayout.JAVA_FLOAT, low);
            float b = data.get(ValueLayout.JAVA_FLOAT, high);
            data.set(ValueLayout.JAVA_FLOAT, low, a * angles[i] - b * angles[half + i]);
            data.set(ValueLayout.JAVA_FLOAT, high, b * angles[i] + a * angles[half + i]);
        }
    }

    /**
     * Turns neighbours in place: elements {@code 2 i} and {@code 2 i + 1} by the angle whose cosine
     * is {@code angles[i]} and whose sine is {@code angles[half + i]}.
     */
    public static void rotateNeighbours(MemorySegment data, long offset, float[] angles) {
        int half = angles.length / 2;
        for (int i = 0; i < half; i++) {
            long at = offset + 8L * i;
            float a = data.get(ValueLayout.JAVA_FLOAT, at);
            float b = data.get(ValueLayout.JAVA_FLOAT, at + 4);
            data.set(ValueLayout.JAVA_FLOAT, at, a * angles[i] - b * angles[half + i]);
            data.set(ValueLayout.JAVA_FLOAT, at + 4, b * angles[i] + a * angles[half + i]);
        }
    }

    /** Floats from a segment into an array. */
    public static void copy(MemorySegment source, long offset, float[] target, int at, int count) {
        MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, offset, target, at, count);
    }

    /** Floats from an array into a segment. */
    public static void copy(float[] source, int at, MemorySegment target, long offset, int count) {
        MemorySegment.copy(source, at, target, ValueLayout.JAVA_FLOAT, offset, count);
    }

    /** The largest magnitude of {@code count} floats; NaN if one of them is. */
    public static float largest(MemorySegment floats, long offset, int count) {
        IntVector most = IntVector.zero(INTS);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            most = most.max(loadInts(floats, offset + 4L * i).and(MAGNITUDE));
        }
        float largest = Float.intBitsToFloat(most.reduceLanes(VectorOperators.MAX));
        for (; i < count; i++) {
            float v = floats.get(ValueLayout.JAVA_FLOAT, offset + 4L * i);
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    /**
     * Rounds each lane to the nearest integer, even on ties, and moves it where the low 16 bits of
     * the float are those of the integer; of magnitudes below 2^22. NaN gives 0 in these bits.
     */
    static FloatVector shift(FloatVector v) {
        return v.add(ROUNDER);
    }

    /** {@code target *= factor}. */
    public static void multiply(MemorySegment target, long offset, float factor, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = offset + 4L * i;
            load(target, at).mul(factor).intoMemorySegment(OffHeap.of(target), at, ORDER);
        }
        for (; i < count; i++) {
            long at = offset + 4L * i;
            target.set(ValueLayout.JAVA_FLOAT, at, target.get(ValueLayout.JAVA_FLOAT, at) * factor);
        }
    }

    /** {@code target *= factors}, one by one, from element {@code at} of the factors on. */
    public static void multiply(
            MemorySegment target, long offset, float[] factors, int at, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(target, offset + 4L * i)
                    .mul(FloatVector.fromArray(FLOATS, factors, at + i))
                    .intoMemorySegment(OffHeap.of(target), offset + 4L * i, ORDER);
        }
        for (; i < count; i++) {
            long place = offset + 4L * i;
            float product = target.get(ValueLayout.JAVA_FLOAT, place) * factors[at + i];
            target.set(ValueLayout.JAVA_FLOAT, place, product);
        }
    }

    public static FloatVector load(MemorySegment data, long offset) {
        return FloatVector.fromMemorySegment(FLOATS, OffHeap.of(data), offset, ORDER);
    }

    /**
     * {@link #LANES} ints. Each holds a pair of bf16 values, the first in its low half, for {@link
     * #firsts} and {@link #seconds}, or four signed bytes, so that one load serves several vectors
     * of floats.
     */
    public static IntVector loadInts(MemorySegment data, long offset) {
        return IntVector.fromMemorySegment(INTS, OffHeap.of(data), offset, ORDER);
    }

    public static FloatVector firsts(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    public static FloatVector seconds(IntVector pairs) {
        return pairs.and(0xffff0000).reinterpretAsFloats();
    }
}
