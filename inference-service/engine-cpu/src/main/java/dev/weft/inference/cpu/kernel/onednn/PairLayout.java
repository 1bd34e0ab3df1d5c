package dev.weft.inference.cpu.kernel.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.LongPointer;
import org.jspecify.annotations.Nullable;

/**
 * Weights {@code [in][out]} of bf16 as oneDNN packs them for processors that multiply pairs: {@code
 * [out / columnBlock][in / 2][columnBlock][2]}, padded with zeros. oneDNN calls it {@code
 * BA16a64b2a}, for blocks of 64.
 *
 * @param in inputs, an even number
 * @param columnBlock outputs of a block
 * @param blockBytes bytes from a block to the next
 */
record PairLayout(int in, int columnBlock, long blockBytes) {
    private static final int PAIR_BYTES = 4;

    /** The layout that a description gives, or null if it describes another one. */
    static @Nullable PairLayout of(memory.desc description, int in) {
        if (description.get_inner_nblks() != 3 || in % 2 != 0) {
            return null;
        }
        LongPointer sizes = description.get_inner_blks();
        LongPointer dimensions = description.get_inner_idxs();
        LongPointer strides = description.get_strides();
        boolean pairs =
                sizes.get(2) == 2
                        && dimensions.get(0) == 0
                        && dimensions.get(1) == 1
                        && dimensions.get(2) == 0
                        && strides.get(0) == sizes.get(0) * sizes.get(1) * 2;
        return pairs
                ? new PairLayout(in, Math.toIntExact(sizes.get(1)), strides.get(1) * Short.BYTES)
                : null;
    }

    /** Byte offset of the weights of a pair of inputs for an output. */
    long offset(int pair, int column) {
        return column / columnBlock * blockBytes
                + pair * pairBytes()
                + (long) column % columnBlock * PAIR_BYTES;
    }

    /** Bytes from a pair of inputs to the next. */
    long pairBytes() {
        return (long) columnBlock * PAIR_BYTES;
    }
}
