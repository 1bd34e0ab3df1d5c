package dev.weft.inference.cpu.kernel.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns rows of floats into numbers of 8 and 16 bits and back. The results are the same interpreted
 * and compiled, as those of {@link VectorMath} are.
 */
public final class Conversions {
    /** Vectors of as many shorts as there are floats in {@link VectorMath#FLOATS}. */
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(
                    short.class, VectorShape.forBitSize(VectorMath.FLOATS.vectorBitSize() / 2));

    /**
     * Vectors of as many bytes as there are floats in {@link VectorMath#FLOATS}, or the 8 of the
     * shortest vector.
     */
    public static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class,
                    VectorShape.forBitSize(Math.max(64, VectorMath.FLOATS.vectorBitSize() / 4)));

    private Conversions() {}

    /** Rounds finite floats to bf16, to nearest even. */
    public static void toBf16(
            MemorySegment floats, long offset, MemorySegment target, long targetOffset, int count) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            long at = offset + 4L * i;
            IntVector bits = VectorMath.load(floats, at).reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
            ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoMemorySegment(OffHeap.of(target), targetOffset + 2L * i, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            long at = offset + 4L * i;
            short bits = Bf16.of(floats.get(ValueLayout.JAVA_FLOAT, at));
            target.set(ValueLayout.JAVA_SHORT_UNALIGNED, targetOffset + 2L * i, bits);
        }
    }

    /** The floats that the first bf16 values of a segment are. */
    public static void fromBf16(MemorySegment source, float[] target) {
        int i = 0;
        for (; i <= target.length - VectorMath.LANES; i += VectorMath.LANES) {
            IntVector bits =
                    (IntVector)
                            ShortVector.fromMemorySegment(
                                            SHORTS, OffHeap.of(source), 2L * i, VectorMath.ORDER)
                                    .convertShape(
                                            VectorOperators.ZERO_EXTEND_S2I, VectorMath.INTS, 0);
            bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(target, i);
        }
        for (; i < target.length; i++) {
            target[i] = Bf16.toFloat(source.get(ValueLayout.JAVA_SHORT, 2L * i));
        }
    }

    /** Quantises floats to 8 bits, symmetric, to nearest even; {@code scale} as in {@link Int8}. */
    public static void toInt8(
            MemorySegment floats,
            long offset,
            MemorySegment target,
            long targetOffset,
            int count,
            float scale) {
        float factor = 1f / scale;
        int i = 0;
        for (;
                VectorMath.LANES == BYTES.length() && i <= count - VectorMath.LANES;
                i += VectorMath.LANES) {
            FloatVector scaled = VectorMath.load(floats, offset + 4L * i).mul(factor);
            IntVector ints = VectorMath.shift(scaled).reinterpretAsInts();
            ((ByteVector) ints.convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoMemorySegment(OffHeap.of(target), targetOffset + i, VectorMath.ORDER);
        }
        scatterInt8(floats, offset + 4L * i, target, targetOffset + i, 1, count - i, scale);
    }

    /** Quantises floats to 8 bits as {@link #toInt8} does, {@code stride} bytes apart. */
    public static void scatterInt8(
            MemorySegment floats,
            long offset,
            MemorySegment target,
            long targetOffset,
            int stride,
            int count,
            float scale) {
        float factor = 1f / scale;
        for (int i = 0; i < count; i++) {
            float v = OffHeap.of(floats).get(ValueLayout.JAVA_FLOAT, offset + 4L * i) * factor;
            OffHeap.of(target)
                    .set(
                            ValueLayout.JAVA_BYTE,
                            targetOffset + (long) i * stride,
                            (byte) Math.rint(v));
        }
    }

    /**
     * Quantises floats to 16 bits, symmetric, to nearest even; {@code scale} as in {@link Int16}.
     */
    public static void toInt16(
            MemorySegment floats,
            long offset,
            MemorySegment target,
            long targetOffset,
            int count,
            float scale) {
        float factor = 1f / scale;
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            FloatVector scaled = VectorMath.load(floats, offset + 4L * i).mul(factor);
            IntVector ints = VectorMath.shift(scaled).reinterpretAsInts();
            ((ShortVector) ints.convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoMemorySegment(OffHeap.of(target), targetOffset + 2L * i, VectorMath.ORDER);
        }
        scatterInt16(floats, offset + 4L * i, target, targetOffset + 2L * i, 1, count - i, scale);
    }

    /** Quantises floats to 16 bits as {@link #toInt16} does, {@code stride} numbers apart. */
    public static void scatterInt16(
            MemorySegment floats,
            long offset,
            MemorySegment target,
            long targetOffset,
            int stride,
            int count,
            float scale) {
        float factor = 1f / scale;
        for (int i = 0; i < count; i++) {
            float v = OffHeap.of(floats).get(ValueLayout.JAVA_FLOAT, offset + 4L * i) * factor;
            OffHeap.of(target)
                    .set(
                            ValueLayout.JAVA_SHORT,
                            targetOffset + 2L * i * stride,
                            (short) Math.rint(v));
        }
    }

    /** {@link VectorMath#LANES} signed shorts as floats. */
    public static FloatVector loadInt16(MemorySegment data, long offset) {
        return (FloatVector)
                ShortVector.fromMemorySegment(SHORTS, OffHeap.of(data), offset, VectorMath.ORDER)
                        .convertShape(VectorOperators.S2F, VectorMath.FLOATS, 0);
    }

    /** Signed bytes from a segment into an array, as floats. */
    public static void fromInt8(
            MemorySegment source, long offset, float[] target, int at, int count) {
        int i = 0;
        for (;
                VectorMath.LANES == BYTES.length() && i <= count - VectorMath.LANES;
                i += VectorMath.LANES) {
            loadInt8(source, offset + i).intoArray(target, at + i);
        }
        for (; i < count; i++) {
            target[at + i] = source.get(ValueLayout.JAVA_BYTE, offset + i);
        }
    }

    /** Adds a number to bytes; what leaves 8 bits wraps around. */
    public static void addToBytes(MemorySegment bytes, long offset, int count, int number) {
        int i = 0;
        for (; i <= count - BYTES.length(); i += BYTES.length()) {
            ByteVector.fromMemorySegment(BYTES, OffHeap.of(bytes), offset + i, VectorMath.ORDER)
                    .add((byte) number)
                    .intoMemorySegment(OffHeap.of(bytes), offset + i, VectorMath.ORDER);
        }
        for (; i < count; i++) {
            int sum = bytes.get(ValueLayout.JAVA_BYTE, offset + i) + number;
            bytes.set(ValueLayout.JAVA_BYTE, offset + i, (byte) sum);
        }
    }

    /** {@link VectorMath#LANES} signed bytes as floats; reads a whole vector of {@link #BYTES}. */
    public static FloatVector loadInt8(MemorySegment data, long offset) {
        return (FloatVector)
                ByteVector.fromMemorySegment(BYTES, OffHeap.of(data), offset, VectorMath.ORDER)
                        .convertShape(VectorOperators.B2F, VectorMath.FLOATS, 0);
    }
}
