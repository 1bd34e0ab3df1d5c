package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.Hadamard;
import dev.weft.inference.cpu.kernel.math.Int8;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Inputs of linear layers, {@code [rows][columns]}: floats, and beside them each row in the form
 * that the layer reads. Adapters read the floats.
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
        this.bf16 = arena.allocate((long) rows * InputForm.BF16.stride(columns) * Short.BYTES, 64);
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

    /** {@code [rows][stride]} of bf16, see {@link InputForm#stride}. */
    public MemorySegment bf16() {
        return bf16;
    }

    /**
     * {@code [rows][columns]} of signed bytes, or of unsigned ones whose 0 is {@link
     * InputForm#largestByte} if they are {@linkplain InputForm#REDUCED_INT8 reduced}.
     */
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

    /** Writes a row in the form that a layer reads. */
    public void prepare(int row, InputForm form) {
        int count = columns();
        long at = floats.offset(row, 0);
        switch (form) {
            case FLOAT -> {
                // as it is
            }
            case BF16 -> {
                long to = (long) row * form.stride(count) * Short.BYTES;
                Conversions.toBf16(floats.data(), at, bf16, to, count);
            }
            case INT8 -> quantise(row, at, form);
            case REDUCED_INT8 -> {
                quantise(row, at, form);
                Conversions.addToBytes(int8, (long) row * count, count, form.largestByte());
            }
        }
    }

    private void quantise(int row, long at, InputForm form) {
        int count = columns();
        float largest = Hadamard.rotateInputs(floats.data(), at, rotated, at, count);
        float scale = Int8.scale(largest, form.largestByte());
        Conversions.toInt8(rotated, at, int8, (long) row * count, count, scale);
        scales[row] = scale;
    }

    /** Takes the floats of a row of another one with as many columns. */
    public void copyRow(Activations source, int from, int to) {
        long bytes = (long) columns() * Float.BYTES;
        MemorySegment.copy(source.floats.data(), from * bytes, floats.data(), to * bytes, bytes);
    }
}
