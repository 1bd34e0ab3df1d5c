package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of one row's products with {@link ReducedInt8Weights}, on the Vector API: exact, and rounded
 * as those of {@link ReducedInt8Product} are. A single row takes as long as reading its weights,
 * and oneDNN would pack them before. An instance holds the inputs of one member of a team.
 */
final class ReducedInt8Row {
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorMath.FLOATS.vectorShape());

    /** As many bytes as there are shorts. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));

    private static final int LANES = SHORTS.length();

    /**
     * Products that 16 bits hold the sum of, {@code 4 * 90 * 90}: from so many vectors they are
     * added up before they are widened.
     */
    private static final int TOGETHER = 4;

    private static final int LARGEST = InputForm.REDUCED_INT8.largestByte();

    private short[] inputs = new short[0];

    /** Takes a row of unsigned bytes. */
    void read(MemorySegment row, int count) {
        if (inputs.length < count) {
            inputs = new short[count];
        }
        for (int i = 0; i < count; i++) {
            int input = Byte.toUnsignedInt(row.get(ValueLayout.JAVA_BYTE, i));
            inputs[i] = (short) (input - LARGEST);
        }
    }

    /** The sum of an output, less its zero. */
    float sum(ReducedInt8Weights weights, int output) {
        int in = weights.in();
        MemorySegment data = weights.data();
        long row = weights.offset(output);
        int together = in / (TOGETHER * LANES) * (TOGETHER * LANES);
        int whole = in / LANES * LANES;
        int sum = sum(data, row, together);
        for (int i = together; i < whole; i += LANES) {
            sum += widen(product(data, row, i)).reduceLanes(VectorOperators.ADD);
        }
        for (int i = whole; i < in; i++) {
            sum += inputs[i] * data.get(ValueLayout.JAVA_BYTE, row + i);
        }
        int zero = weights.zeros()[output];
        return (float) (zero + sum) - (float) zero;
    }

    private int sum(MemorySegment data, long row, int count) {
        IntVector sums = IntVector.zero(VectorMath.INTS);
        for (int i = 0; i < count; i += TOGETHER * LANES) {
            ShortVector first = product(data, row, i).add(product(data, row, i + LANES));
            ShortVector second =
                    product(data, row, i + 2 * LANES).add(product(data, row, i + 3 * LANES));
            sums = sums.add(widen(first.add(second)));
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    private ShortVector product(MemorySegment data, long row, int input) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, data, row + input, VectorMath.ORDER);
        return ((ShortVector) bytes.convertShape(VectorOperators.B2S, SHORTS, 0))
                .mul(ShortVector.fromArray(SHORTS, inputs, input));
    }

    /** The sums of neighbours. */
    private static IntVector widen(ShortVector shorts) {
        IntVector pairs = shorts.reinterpretAsInts();
        IntVector low = pairs.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
        return low.add(pairs.lanewise(VectorOperators.ASHR, 16));
    }
}
