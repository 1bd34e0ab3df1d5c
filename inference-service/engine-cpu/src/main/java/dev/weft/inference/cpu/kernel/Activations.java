package dev.weft.inference.cpu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Inputs of linear layers, {@code [rows][columns]}: values are rounded to bf16, and kept both as
 * bf16 and as the floats of the same value, so that each kernel reads them in the form it needs.
 */
public final class Activations {
    private final FloatMatrix floats;
    private final MemorySegment bf16;

    private Activations(FloatMatrix floats, MemorySegment bf16) {
        this.floats = floats;
        this.bf16 = bf16;
    }

    public static Activations allocate(Arena arena, int rows, int columns) {
        return new Activations(
                FloatMatrix.allocate(arena, rows, columns),
                arena.allocate((long) rows * columns * Short.BYTES, 64));
    }

    public FloatMatrix floats() {
        return floats;
    }

    /** {@code [rows][columns]} of bf16. */
    public MemorySegment bf16() {
        return bf16;
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
        VectorMath.toBf16(
                floats.data(), floats.offset(row, 0), bf16, floats.offset(row, 0) / 2, columns());
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
}
