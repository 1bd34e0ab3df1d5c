package dev.weft.inference.cpu.kernel.matrix;

/** The form in which a linear layer reads its inputs. */
public enum InputForm {
    /** As they were computed. */
    FLOAT,

    /** Rounded to nearest even, for instructions that multiply pairs of bf16. */
    BF16,

    /** Rotated, in 8 bits with a scale per row. */
    INT8
}
