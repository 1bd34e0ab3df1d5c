package dev.weft.inference.cpu.kernel.vector;

/**
 * Packed weights of a linear layer as a {@link PanelProduct} reads them: strips of {@link
 * PanelProduct#WIDTH} outputs, unpacked a block of inputs at a time. Any thread.
 */
interface PanelWeights {
    /** Inputs, padded as they are packed: at most three more than the layer has. */
    int inputs();

    /**
     * Strips that lie in one stream, which are unpacked together: each would read the cache lines
     * between its own for nothing.
     */
    default int together() {
        return 1;
    }

    /**
     * Unpacks weights of strips that lie together as floats.
     *
     * @param strip the first of them
     * @param from the first input
     * @param count inputs, a multiple of 4 unless they are the last
     * @param panel {@code [together][count][WIDTH]}
     */
    void unpack(int strip, int from, int count, float[] panel);
}
