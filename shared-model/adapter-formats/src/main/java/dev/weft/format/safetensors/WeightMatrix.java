package dev.weft.format.safetensors;

import java.util.List;

/** Weights of a linear layer, {@code [out][in]}, that can be read as floats. Any thread. */
public interface WeightMatrix {
    /** The tensor, or what the names of its tensors begin with. */
    String name();

    /** {@code [out, in]}. */
    List<Long> shape();

    /** Copies {@code count} weights from {@code from} (row-major) on into {@code target}. */
    void copyTo(long from, float[] target, int offset, int count);
}
