package dev.weft.inference.cpu.kernel.matrix;

/** What is added to a layer's weights before they are packed. */
@FunctionalInterface
public interface WeightChange {
    /** Adds to the weights of one output, one per input. Called by several threads. */
    void addTo(int output, float[] weights);
}
