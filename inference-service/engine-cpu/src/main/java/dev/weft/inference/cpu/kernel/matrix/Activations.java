package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Hadamard;
import dev.weft.inference.cpu.kernel.math.Int8;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Inputs of linear layers, {@code [rows][columns]}: values are rounded to bf16, and kept both as
 * bf16 and as the floats of the same value, so that each kernel reads them in the form it needs;
 * layers in int8 read them rotated, in 8 bits with a scale per row.
 */
public final class Activations {
    private final FloatMatrix floats;
    private final MemorySegment bf16;
    private final MemorySegment int8;
    private final MemorySegment rotated;
    private final float[] scales;

    private Activations(Arena arena, int rows, int columns) {
        long elements = (long) rows * columns;
        this.floats = FloatMatrix.allocate(arena, rows, columns);
        this.bf16 = arena.allocate(elements * Short.BYTES, 64);
        this.int8 = arena.allocate(elements, 64);
        this.rotated = arena.allocate(elements * Float.BYTES, 64);
        this.scales = new float[rows];
    }

    public static Activations allocate(Arena arena, int rows, int columns) {
        return new Activations(arena, rows, columns);
    }

    public FloatMatrix floats() {
        return floats;
    }

    /** {@code [rows][columns]} of bf16. */
    public MemorySegment bf16() {
        return bf16;
    }

    /** {@code [rows][columns]} of signed bytes. */
    public MemorySegment int8() {
        return int8;
    }

    /** The scale that a row's bytes are multiplied by. */
    public float scale(int row) {
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
        switch (precision) {
            case BF16 -> {
                // rounded already
            }
            case INT8 -> {
                int count = columns();
                long at = floats.offset(row, 0);
                float largest = Hadamard.rotateInputs(floats.data(), at, rotated, at, count);
                float scale = Int8.scale(largest);
                VectorMath.toInt8(rotated, at, int8, (long) row * count, count, scale);
                scales[row] = scale;
            }
        }
    }

    /** Takes a rounded row of another one with as many columns. */
    public void copyRow(Activations source, int from, int to) {
        long bytes = (long) columns() * Float.BYTES;
        MemorySegment.copy(source.floats.data(), from * bytes, floats.data(), to * bytes, bytes);
        MemorySegment.copy(source.bf16, from * bytes / 2, bf16, to * bytes / 2, bytes / 2);
    }

    /** The bf16 value as float. */
    public float rounded(int row, int column) {
        return Bf16.toFloat(bf16.get(ValueLayout.JAVA_SHORT, floats.offset(row, column) / 2));
    }
}
