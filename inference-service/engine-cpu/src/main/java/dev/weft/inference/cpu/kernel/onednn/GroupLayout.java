package dev.weft.inference.cpu.kernel.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.LongPointer;
import org.jspecify.annotations.Nullable;

/**
 * Weights {@code [in][out]} as oneDNN packs them for processors that multiply groups of inputs,
 * pairs of bf16 or quads of bytes: {@code [out / columnBlock][in / group][columnBlock][group]},
 * padded with zeros. oneDNN calls it {@code BA16a64b2a} or {@code BA16a64b4a}, for blocks of 64.
 *
 * @param in inputs, whole groups
 * @param columnBlock outputs of a block
 * @param blockBytes bytes from a block to the next
 */
record GroupLayout(int in, int columnBlock, long blockBytes) {
    /** Of a group for one output. */
    private static final int BYTES = 4;

    /**
     * The layout that a description gives, or null if it describes another one.
     *
     * @param group inputs of 4 bytes
     */
    static @Nullable GroupLayout of(memory.desc description, int in, int group) {
        if (description.get_inner_nblks() != 3 || in % group != 0) {
            return null;
        }
        LongPointer sizes = description.get_inner_blks();
        LongPointer dimensions = description.get_inner_idxs();
        LongPointer strides = description.get_strides();
        boolean groups =
                sizes.get(2) == group
                        && dimensions.get(0) == 0
                        && dimensions.get(1) == 1
                        && dimensions.get(2) == 0
                        && strides.get(0) == sizes.get(0) * sizes.get(1) * group;
        return groups
                ? new GroupLayout(
                        in, Math.toIntExact(sizes.get(1)), strides.get(1) * (BYTES / group))
                : null;
    }

    /** Byte offset of the weights of a group of inputs for an output. */
    long offset(int group, int column) {
        return column / columnBlock * blockBytes
                + group * groupBytes()
                + (long) column % columnBlock * BYTES;
    }

    /** Bytes from a group of inputs to the next. */
    long groupBytes() {
        return (long) columnBlock * BYTES;
    }
}
