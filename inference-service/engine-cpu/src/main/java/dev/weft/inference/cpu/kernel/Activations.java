package dev.weft.inference.cpu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Inputs of linear layers, {@code [rows][columns]}: values are rounded to bf16, and kept both as
 * bf16 and as the floats of the same value, so that each kernel reads them in the form it needs;
 * layers in int8 read them in 8 bits with a scale per row.
 */
public final class Activations {
    private final FloatMatrix floats;
    private final MemorySegment bf16;
    private final MemorySegment int8;
    private final float[] scales;

    private Activations(
            FloatMatrix floats, MemorySegment bf16, MemorySegment int8, float[] scales) {
        this.floats = floats;
        this.bf16 = bf16;
        this.int8 = int8;
        this.scales = scales;
    }

    public static Activations allocate(Arena arena, int rows, int columns) {
        long elements = (long) rows * columns;
        return new Activations(
                FloatMatrix.allocate(arena, rows, columns),
                arena.allocate(elements * Short.BYTES, 64),
                arena.allocate(2 * elements, 64),
                new float[rows]);
    }

    public FloatMatrix floats() {
        return floats;
    }

    /** {@code [rows][columns]} of bf16. */
    MemorySegment bf16() {
        return bf16;
    }

    /** Signed bytes: {@code [rows][columns]}, or {@code [rows][2][columns]} in two parts. */
    MemorySegment int8() {
        return int8;
    }

    /** What a row's bytes are multiplied by. */
    float scale(int row) {
        return scales[row];
    }

    public int columns() {
        return floats.columns();
    }

    /** Rounds part of a row; see {@link #round(int)}. */
    public void round(int row, int column, int count) {
        long at = floats.offset(row, column);
        VectorMath.toBf16(floats.data(), at, bf16, at / 2, count);
    }

    /** Rounds a row, to nearest even: the bf16 copy is written, the floats take its values. */
    public void round(int row) {
        round(row, 0, columns());
    }

    /** Writes a rounded row in the form that a layer of that precision reads. */
    public void quantise(int row, Precision precision) {
        MemorySegment source = floats.data();
        long from = floats.offset(row, 0);
        switch (precision) {
            case BF16 -> {
                // rounded already
            }
            case INT8 ->
                    scales[row] =
                            VectorMath.toInt8(
                                    source, from, int8, (long) row * columns(), columns());
            case INT8_FINE ->
                    scales[row] =
                            VectorMath.toInt8Pair(
                                    source, from, int8, 2L * row * columns(), columns());
        }
    }

    /** Takes a rounded row of another one with as many columns. */
    public void copyRow(Activations source, int from, int to) {
        long bytes = (long) columns() * Float.BYTES;
        MemorySegment.copy(source.floats.data(), from * bytes, floats.data(), to * bytes, bytes);
        MemorySegment.copy(source.bf16, from * bytes / 2, bf16, to * bytes / 2, bytes / 2);
    }

    /** The bf16 value as float. */
    float rounded(int row, int column) {
        return Bf16.toFloat(bf16.get(ValueLayout.JAVA_SHORT, floats.offset(row, column) / 2));
    }

    /** The value in units of the row's scale: whole, or in two parts. */
    double quantised(int row, int column, Precision precision) {
        if (precision == Precision.INT8) {
            return int8.get(ValueLayout.JAVA_BYTE, (long) row * columns() + column);
        }
        long first = 2L * row * columns() + column;
        double rest = int8.get(ValueLayout.JAVA_BYTE, first + columns());
        return int8.get(ValueLayout.JAVA_BYTE, first) + rest / Int8.FINER;
    }
}
