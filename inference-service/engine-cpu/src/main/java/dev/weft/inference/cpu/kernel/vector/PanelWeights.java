package dev.weft.inference.cpu.kernel.vector;

/**
 * Packed weights of a linear layer as a {@link PanelProduct} reads them: strips of {@link
 * PanelProduct#WIDTH} outputs, unpacked a block of inputs at a time. Any thread.
 */
interface PanelWeights {
    /** Inputs, padded as they are packed: at most three more than the layer has. */
    int inputs();

    /**
     * Unpacks weights of a strip as floats.
     *
     * @param from the first input
     * @param count inputs, a multiple of 4 unless they are the last
     * @param panel {@code [count][WIDTH]}
     */
    void unpack(int strip, int from, int count, float[] panel);
}
