package dev.weft.inference.cpu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A bf16 weight matrix {@code W[out][in]} laid out for vectors: tiles of {@link VectorMath#LANES}
 * outputs, {@code [out / LANES][in][LANES]}, the last tile padded with zeros. A product reads it
 * once, front to back, and needs no sum over lanes.
 */
public final class TiledMatrix {
    /** Where the values of a matrix come from. */
    @FunctionalInterface
    public interface Source {
        /** Copies the weights of one output, one per input. */
        void copyRow(int out, float[] target);
    }

    private static final int LANES = VectorMath.LANES;

    private final MemorySegment data;
    private final int out;
    private final int in;

    private TiledMatrix(MemorySegment data, int out, int in) {
        this.data = data;
        this.out = out;
        this.in = in;
    }

    /** Packs a matrix, rounding its values to bf16. */
    public static TiledMatrix pack(Arena arena, int out, int in, Source source) {
        int tiles = tiles(out);
        MemorySegment data = arena.allocate((long) tiles * in * LANES * Short.BYTES, 64);
        float[] row = new float[in];
        for (int o = 0; o < out; o++) {
            source.copyRow(o, row);
            long at = ((long) (o / LANES) * in * LANES + o % LANES) * Short.BYTES;
            for (int i = 0; i < in; i++) {
                data.set(
                        ValueLayout.JAVA_SHORT,
                        at + (long) i * LANES * Short.BYTES,
                        Bf16.of(row[i]));
            }
        }
        return new TiledMatrix(data, out, in);
    }

    /** Weights of one output, one per input; the inverse of packing. */
    public float[] row(int output) {
        float[] values = new float[in];
        long at = ((long) (output / LANES) * in * LANES + output % LANES) * Short.BYTES;
        for (int i = 0; i < in; i++) {
            values[i] = VectorMath.bf16(data, at + (long) i * LANES * Short.BYTES);
        }
        return values;
    }

    static int tiles(int out) {
        return (out + LANES - 1) / LANES;
    }

    public int tiles() {
        return tiles(out);
    }

    public int out() {
        return out;
    }

    public int in() {
        return in;
    }

    /** Memory it takes. */
    public long bytes() {
        return data.byteSize();
    }

    MemorySegment data() {
        return data;
    }

    /** Byte offset of a tile. */
    long offset(int tile) {
        return (long) tile * in * LANES * Short.BYTES;
    }
}
