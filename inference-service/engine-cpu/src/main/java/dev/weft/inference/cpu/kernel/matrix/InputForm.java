package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.math.Int8;

/** The form in which a linear layer reads its inputs. */
public enum InputForm {
    /** Inputs as they were computed. */
    FLOAT,

    /** Inputs rounded to nearest even, for instructions that multiply pairs of bf16. */
    BF16,

    /** Inputs rotated, in 8 bits with a scale per row. */
    INT8,

    /**
     * Inputs rotated, in 8 bits with a scale per row, with only part of the 8-bit numbers used. So
     * the products of two of them, made unsigned, and two weights of the same size sum up in 16
     * bits.
     */
    REDUCED_INT8;

    /** The largest {@code n} for which {@code 2 * (2 * n) * n} is below 2^15. */
    private static final int REDUCED = 90;

    /**
     * Numbers in a row of a tile. oneDNN's kernels on tiles read whole tiles. If a row of a matrix
     * ends within a tile, they multiply the beginning of the next row by zero, and an infinity
     * there becomes a NaN here. Below one tile, they also sum up few rows in another order than
     * many.
     */
    private static final int TILE = 32;

    /** The largest number, of inputs and of weights, if both are bytes; else 0. */
    public int largestByte() {
        return switch (this) {
            case FLOAT, BF16 -> 0;
            case INT8 -> Int8.LARGEST;
            case REDUCED_INT8 -> REDUCED;
        };
    }

    /** Numbers from a row of so many columns to the next; zeros follow the columns. */
    public int stride(int columns) {
        return this == BF16 ? Math.ceilDiv(columns, TILE) * TILE : columns;
    }
}
