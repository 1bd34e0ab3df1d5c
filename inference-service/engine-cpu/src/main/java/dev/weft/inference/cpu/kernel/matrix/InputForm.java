package dev.weft.inference.cpu.kernel.matrix;

/** The form in which a linear layer reads its inputs. */
public enum InputForm {
    /** Inputs as they were computed. */
    FLOAT,

    /** Inputs rounded to nearest even, for instructions that multiply pairs of bf16. */
    BF16,

    /** Inputs rotated, in 8 bits with a scale per row. */
    INT8;

    /**
     * Numbers of a tile's row. oneDNN's kernels on tiles read whole ones: if a row of a matrix ends
     * within one, they multiply what the next row begins with by zero, which makes an infinity
     * there a NaN here. Below one tile, they also sum a few rows up in another order than many.
     */
    private static final int TILE = 32;

    /** Numbers from a row of so many columns to the next; zeros follow the columns. */
    public int stride(int columns) {
        return this == BF16 ? Math.ceilDiv(columns, TILE) * TILE : columns;
    }
}
