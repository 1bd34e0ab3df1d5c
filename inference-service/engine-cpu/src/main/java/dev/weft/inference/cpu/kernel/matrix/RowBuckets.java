package dev.weft.inference.cpu.kernel.matrix;

/**
 * The row counts that kernels are prepared for. A batch is padded to the next one: a kernel for a
 * new row count costs a millisecond to make, and a row alone would take another path, with other
 * low bits, than the same row among two.
 */
public final class RowBuckets {
    private RowBuckets() {}

    /** The bucket that {@code rows} falls into: 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, ... */
    public static int ceiling(int rows) {
        if (rows <= 2) {
            return 2;
        }
        int power = Integer.highestOneBit(rows);
        if (power == rows) {
            return rows;
        }
        int between = power + power / 2;
        return power >= 8 && rows <= between ? between : 2 * power;
    }
}
