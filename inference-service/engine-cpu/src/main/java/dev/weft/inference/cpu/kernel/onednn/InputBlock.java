package dev.weft.inference.cpu.kernel.onednn;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Neighbouring inputs of a layer that one product takes.
 *
 * @param from the first
 * @param stride numbers from a row of inputs to the next
 */
record InputBlock(int from, int count, int stride) {
    /**
     * Inputs that a product of floats by bf16 takes at once. oneDNN (3.13, on AVX2 and on AVX-512)
     * computes something else if it cuts the sums of such a product into blocks itself, as it does
     * from 513 inputs on with AVX-512.
     */
    static final int MOST_FLOATS = 512;

    /** Rows of weights that oneDNN packs together. */
    private static final int UNIT = 16;

    /** Blocks of about the same size. */
    static List<InputBlock> of(Operands operands, int in) {
        int stride = operands.inputs().stride(in);
        if (operands != Operands.FLOATS) {
            return List.of(new InputBlock(0, stride, stride));
        }
        int size = Math.ceilDiv(Math.ceilDiv(in, Math.ceilDiv(in, MOST_FLOATS)), UNIT) * UNIT;
        return IntStream.iterate(0, from -> from < in, from -> from + size)
                .mapToObj(from -> new InputBlock(from, Math.min(size, in - from), stride))
                .toList();
    }

    /** Whether its product is added to what the blocks before it have computed. */
    boolean isAdded() {
        return from > 0;
    }
}
