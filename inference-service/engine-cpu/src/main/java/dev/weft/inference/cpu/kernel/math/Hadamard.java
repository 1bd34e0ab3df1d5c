package dev.weft.inference.cpu.kernel.math;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rotates the inputs of a linear layer by Hadamard matrices, one for each block of neighbouring
 * inputs: {@code W x = (W H / size) (H x)}. A layer whose weights were rotated when they were
 * packed gives the same outputs, and a value that stands out is spread over its block before it is
 * quantised. After Ashkboos et al., "QuaRot", 2024, which rotates activations online.
 *
 * <p>Blocks are the largest power of two that divides the inputs, at most {@link #LARGEST}: four
 * vectors, so that a block is rotated in registers. Weights must be packed, and inputs rotated, on
 * machines with the same vectors. They are: each machine packs the weights that it uses.
 */
public final class Hadamard {
    private static final int LANES = VectorMath.LANES;
    private static final int LARGEST = 4 * LANES;

    private static final Exchange BY_1 = new Exchange(1);
    private static final Exchange BY_2 = new Exchange(2);
    private static final Exchange BY_4 = new Exchange(4);
    private static final Exchange BY_8 = new Exchange(8);

    /** The butterflies between lanes that are {@code distance} apart, for vectors so long. */
    private record Exchange(VectorShuffle<Float> other, FloatVector sign) {
        Exchange(int distance) {
            this(
                    VectorShuffle.fromOp(VectorMath.FLOATS, lane -> (lane ^ distance) % LANES),
                    sign(distance));
        }

        private static FloatVector sign(int distance) {
            float[] lanes = new float[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] = (lane & distance) == 0 ? 1f : -1f;
            }
            return FloatVector.fromArray(VectorMath.FLOATS, lanes, 0);
        }
    }

    private Hadamard() {}

    /**
     * Rotates the weights of one output, {@code count} floats: {@code rotated := w H / size}.
     *
     * @return the largest magnitude of the result
     */
    public static float rotateWeights(MemorySegment weights, MemorySegment rotated, int count) {
        float largest = rotateInputs(weights, 0, rotated, 0, count);
        float part = 1f / size(count);
        VectorMath.multiply(rotated, 0, part, count);
        return largest * part;
    }

    /**
     * Rotates in place, one value after the other: {@code values := H values}.
     *
     * @return the largest magnitude of the result
     */
    public static float rotate(float[] values) {
        int size = size(values.length);
        for (int distance = 1; distance < size; distance *= 2) {
            for (int at = 0; at < values.length; at++) {
                if ((at & distance) == 0) {
                    float low = values[at];
                    float high = values[at + distance];
                    values[at] = low + high;
                    values[at + distance] = low - high;
                }
            }
        }
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /**
     * Rotates the inputs of one row: {@code target := H source}, {@code count} floats.
     *
     * @return the largest magnitude of the result
     */
    public static float rotateInputs(
            MemorySegment source, long from, MemorySegment target, long to, int count) {
        if (size(count) < LARGEST) {
            return rotateShort(source, from, target, to, count);
        }
        return rotateBlocks(source, from, target, to, count);
    }

    /** Elements of a block. */
    private static int size(int inputs) {
        return Math.min(LARGEST, Integer.lowestOneBit(inputs));
    }

    /**
     * Rotates blocks of four vectors; returns the largest magnitude. All in one method, as a vector
     * that a call returns would be an object wherever the call is not inlined.
     */
    private static float rotateBlocks(
            MemorySegment source, long from, MemorySegment target, long to, int count) {
        long step = 4L * LANES;
        IntVector largest = IntVector.zero(VectorMath.INTS);
        for (long at = 0; at < 4L * count; at += 4 * step) {
            FloatVector a = withinVector(VectorMath.load(source, from + at));
            FloatVector b = withinVector(VectorMath.load(source, from + at + step));
            FloatVector c = withinVector(VectorMath.load(source, from + at + 2 * step));
            FloatVector d = withinVector(VectorMath.load(source, from + at + 3 * step));
            FloatVector near = a.add(b);
            FloatVector nearDifference = a.sub(b);
            FloatVector far = c.add(d);
            FloatVector farDifference = c.sub(d);
            a = near.add(far);
            b = nearDifference.add(farDifference);
            c = near.sub(far);
            d = nearDifference.sub(farDifference);
            MemorySegment block = OffHeap.of(target);
            a.intoMemorySegment(block, to + at, VectorMath.ORDER);
            b.intoMemorySegment(block, to + at + step, VectorMath.ORDER);
            c.intoMemorySegment(block, to + at + 2 * step, VectorMath.ORDER);
            d.intoMemorySegment(block, to + at + 3 * step, VectorMath.ORDER);
            // Bits of magnitudes order as integers do, NaN last: one instruction, floats take six.
            IntVector low = a.abs().reinterpretAsInts().max(b.abs().reinterpretAsInts());
            IntVector high = c.abs().reinterpretAsInts().max(d.abs().reinterpretAsInts());
            largest = largest.max(low.max(high));
        }
        return Float.intBitsToFloat(largest.reduceLanes(VectorOperators.MAX));
    }

    private static FloatVector withinVector(FloatVector v) {
        FloatVector r = v.fma(BY_1.sign, v.rearrange(BY_1.other));
        r = r.fma(BY_2.sign, r.rearrange(BY_2.other));
        if (LANES > 4) {
            r = r.fma(BY_4.sign, r.rearrange(BY_4.other));
        }
        if (LANES > 8) {
            r = r.fma(BY_8.sign, r.rearrange(BY_8.other));
        }
        return r;
    }

    private static float rotateShort(
            MemorySegment source, long from, MemorySegment target, long to, int count) {
        float[] values = new float[count];
        VectorMath.copy(source, from, values, 0, count);
        float largest = rotate(values);
        VectorMath.copy(values, 0, target, to, count);
        return largest;
    }
}
