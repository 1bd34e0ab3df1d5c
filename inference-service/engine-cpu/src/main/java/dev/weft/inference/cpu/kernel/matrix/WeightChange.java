package dev.weft.inference.cpu.kernel.matrix;

/** A change that is added to a layer's weights before they are packed. */
@FunctionalInterface
public interface WeightChange {
    /** Adds to the weights of one output, one per input. Several threads call it. */
    void addTo(int output, float[] weights);
}
