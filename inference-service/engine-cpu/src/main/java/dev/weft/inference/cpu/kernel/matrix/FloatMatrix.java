package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.math.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of floats outside the heap, {@code [rows][columns]} row-major, 64-byte aligned. Not
 * synchronised: members of a team write disjoint parts.
 */
public final class FloatMatrix {
    private final MemorySegment data;
    private final int rows;
    private final int columns;

    private FloatMatrix(MemorySegment data, int rows, int columns) {
        this.data = data;
        this.rows = rows;
        this.columns = columns;
    }

    public static FloatMatrix allocate(Arena arena, int rows, int columns) {
        return new FloatMatrix(
                arena.allocate((long) rows * columns * Float.BYTES, 64), rows, columns);
    }

    public MemorySegment data() {
        return OffHeap.of(data);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Byte offset of an element. */
    public long offset(int row, int column) {
        return ((long) row * columns + column) * Float.BYTES;
    }

    public float get(int row, int column) {
        return data().get(ValueLayout.JAVA_FLOAT, offset(row, column));
    }

    public void set(int row, int column, float value) {
        data().set(ValueLayout.JAVA_FLOAT, offset(row, column), value);
    }
}
