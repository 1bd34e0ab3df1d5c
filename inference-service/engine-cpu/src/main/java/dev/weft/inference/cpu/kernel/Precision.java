package dev.weft.inference.cpu.kernel;

/** What a linear layer multiplies. Results are float either way. */
public enum Precision {
    /** Weights and inputs in bf16. */
    BF16,

    /**
     * Weights in 8 bits with one scale per output, inputs in 8 bits with one scale per row, both
     * symmetric; the sum is exact.
     */
    INT8,

    /**
     * The same weights; inputs in two 8-bit parts, the second for what the first leaves over. As
     * exact as 16 bits at the weights' cost of 8, for layers whose inputs have outliers.
     */
    INT8_FINE
}
