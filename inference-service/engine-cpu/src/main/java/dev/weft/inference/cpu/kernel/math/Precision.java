package dev.weft.inference.cpu.kernel.math;

/** The numbers that a linear layer multiplies. Results are float either way. */
public enum Precision {
    /** Weights and inputs in bf16. */
    BF16,

    /**
     * Weights in 8 bits with one scale per output, inputs in 8 bits with one scale per row, both
     * symmetric, both {@link Hadamard rotated}; the sum is exact.
     */
    INT8
}
