package dev.weft.inference.cpu.kernel.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of products of one row of signed bytes and weights of signed bytes that are packed in quads:
 * the weights of four inputs for an output lie side by side, those for the next outputs follow,
 * then come the next four inputs. All bytes are -127 to 127. The sums are exact for up to 133,000
 * inputs, whose products of 127 and 127 fit into 32 bits.
 *
 * <p>Products are made in 16 bits, which hold the sum of two. A quad gives two such sums, the
 * halves of an int. The upper halves are shifted down and summed up, and so are the whole ints,
 * from which the sum of the lower halves follows. For that no lower half may be negative, so each
 * has 2^15 added. A vector of weights takes ten instructions, for 64 of them where vectors are as
 * long as with AVX-512; memory is slower than that.
 *
 * <p>An instance holds a row, and is one thread's.
 */
public final class QuadSums {
    /** Outputs that are computed at once with one quad of inputs after the other. */
    public static final int WIDE = 4 * VectorMath.LANES;

    /** Outputs that are computed at once with two quads of inputs side by side. */
    public static final int NARROW = 2 * VectorMath.LANES;

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorMath.FLOATS.vectorShape());

    private static final int QUAD = 4;
    private static final long VECTOR_BYTES = 4L * VectorMath.LANES;

    /** What is added to each lower half. */
    private static final int BIAS = 1 << 15;

    /** How often an int of two halves has the upper one. */
    private static final int UPPER = 1 << 16;

    private final int outputs;

    /** Quads that are multiplied at once. */
    private final int together;

    private int quads;

    /** Of each quad the first and the third input, and the second and the fourth. */
    private int[] even = new int[0];

    private int[] odd = new int[0];

    /** Sums of whole ints, and of their upper halves. */
    private final int[] whole = new int[WIDE];

    private final int[] upper = new int[WIDE];

    /** Sums of {@link #WIDE} or {@link #NARROW} outputs. */
    public QuadSums(int outputs) {
        this.outputs = outputs;
        this.together = WIDE / outputs;
    }

    /** Takes a row of bytes; inputs that its last quad lacks count as 0. */
    public void read(MemorySegment bytes, int count) {
        quads = Math.ceilDiv(Math.ceilDiv(count, QUAD), together) * together;
        if (even.length < quads) {
            even = new int[quads];
            odd = new int[quads];
        }
        MemorySegment row = OffHeap.of(bytes);
        int full = count / QUAD;
        for (int quad = 0; quad < full; quad++) {
            read(quad, row.get(ValueLayout.JAVA_INT_UNALIGNED, (long) QUAD * quad));
        }
        int last = 0;
        for (int i = full * QUAD; i < count; i++) {
            int value = Byte.toUnsignedInt(row.get(ValueLayout.JAVA_BYTE, i));
            last |= value << (Byte.SIZE * (i % QUAD));
        }
        for (int quad = full; quad < quads; quad++) {
            read(quad, quad == full ? last : 0);
        }
    }

    private void read(int quad, int bytes) {
        even[quad] = shorts(bytes << 8, bytes << 24);
        odd[quad] = shorts(bytes, bytes << 16);
    }

    /** The signed top bytes of two ints as the halves of one. */
    private static int shorts(int high, int low) {
        return (high >> 24 << 16) | (low >> 24 & 0xffff);
    }

    /**
     * Sums up products with weights from byte {@code from} on. If there are two quads at once and
     * the row has an odd number of them, as many bytes are read behind the last weights as a quad
     * has.
     *
     * <p>The loop is written out and calls nothing but the JDK's methods, which the compiler
     * inlines into methods of any size; a vector that is handed to another one goes to the heap.
     *
     * @param step bytes from the quads that are multiplied at once to the next
     */
    public void sum(MemorySegment weights, long from, long step) {
        MemorySegment data = OffHeap.of(weights);
        ShortVector bias = IntVector.broadcast(VectorMath.INTS, BIAS).reinterpretAsShorts();
        IntVector a = IntVector.zero(VectorMath.INTS);
        IntVector b = a;
        IntVector c = a;
        IntVector d = a;
        IntVector upperA = a;
        IntVector upperB = a;
        IntVector upperC = a;
        IntVector upperD = a;
        ShortVector bytes;
        ShortVector first;
        ShortVector second;
        IntVector sums;
        long at = from;
        for (int quad = 0; quad < quads; quad += together) {
            ShortVector x = IntVector.broadcast(VectorMath.INTS, even[quad]).reinterpretAsShorts();
            ShortVector y = IntVector.broadcast(VectorMath.INTS, odd[quad]).reinterpretAsShorts();
            bytes = ShortVector.fromMemorySegment(SHORTS, data, at, VectorMath.ORDER);
            first = bytes.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
            second = bytes.lanewise(VectorOperators.ASHR, 8);
            sums = first.mul(x).add(second.mul(y)).add(bias).reinterpretAsInts();
            a = a.add(sums);
            upperA = upperA.add(sums.lanewise(VectorOperators.ASHR, 16));
            bytes =
                    ShortVector.fromMemorySegment(
                            SHORTS, data, at + VECTOR_BYTES, VectorMath.ORDER);
            first = bytes.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
            second = bytes.lanewise(VectorOperators.ASHR, 8);
            sums = first.mul(x).add(second.mul(y)).add(bias).reinterpretAsInts();
            b = b.add(sums);
            upperB = upperB.add(sums.lanewise(VectorOperators.ASHR, 16));
            int next = quad + together - 1;
            x = IntVector.broadcast(VectorMath.INTS, even[next]).reinterpretAsShorts();
            y = IntVector.broadcast(VectorMath.INTS, odd[next]).reinterpretAsShorts();
            bytes =
                    ShortVector.fromMemorySegment(
                            SHORTS, data, at + 2 * VECTOR_BYTES, VectorMath.ORDER);
            first = bytes.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
            second = bytes.lanewise(VectorOperators.ASHR, 8);
            sums = first.mul(x).add(second.mul(y)).add(bias).reinterpretAsInts();
            c = c.add(sums);
            upperC = upperC.add(sums.lanewise(VectorOperators.ASHR, 16));
            bytes =
                    ShortVector.fromMemorySegment(
                            SHORTS, data, at + 3 * VECTOR_BYTES, VectorMath.ORDER);
            first = bytes.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
            second = bytes.lanewise(VectorOperators.ASHR, 8);
            sums = first.mul(x).add(second.mul(y)).add(bias).reinterpretAsInts();
            d = d.add(sums);
            upperD = upperD.add(sums.lanewise(VectorOperators.ASHR, 16));
            at += step;
        }
        if (together > 1) {
            a = a.add(c);
            b = b.add(d);
            upperA = upperA.add(upperC);
            upperB = upperB.add(upperD);
        }
        a.intoArray(whole, 0);
        upperA.intoArray(upper, 0);
        b.intoArray(whole, VectorMath.LANES);
        upperB.intoArray(upper, VectorMath.LANES);
        c.intoArray(whole, 2 * VectorMath.LANES);
        upperC.intoArray(upper, 2 * VectorMath.LANES);
        d.intoArray(whole, 3 * VectorMath.LANES);
        upperD.intoArray(upper, 3 * VectorMath.LANES);
    }

    /**
     * The sums as floats, times the scale of each output, and that times the row's.
     *
     * @param scales of the outputs, from {@code at} on
     */
    public void scale(float[] scales, int at, float factor, float[] target) {
        int added = quads * BIAS;
        for (int i = 0; i < outputs; i += VectorMath.LANES) {
            IntVector uppers = IntVector.fromArray(VectorMath.INTS, upper, i);
            IntVector sums = IntVector.fromArray(VectorMath.INTS, whole, i);
            // What the lower halves have added, and the upper halves once.
            sums = sums.sub(uppers.mul(UPPER - 1)).sub(added);
            ((FloatVector) sums.convertShape(VectorOperators.I2F, VectorMath.FLOATS, 0))
                    .mul(FloatVector.fromArray(VectorMath.FLOATS, scales, at + i))
                    .mul(factor)
                    .intoArray(target, i);
        }
    }
}
