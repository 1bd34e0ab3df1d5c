package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.OffHeap;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A bf16 weight matrix {@code W[out][in]} laid out for vectors. A tile is {@link VectorMath#LANES}
 * outputs; four tiles make a panel, {@code [in / 2][tiles][LANES][2]}, which a product of one row
 * reads in one stream, front to back, and needs no sum over lanes. Tiles left over are panels of
 * one. The last tile and the last pair of inputs are padded with zeros.
 *
 * <p>It is one stream, since the processor fetches ahead for few at once: single rows read this at
 * 26 to 31 GB/s per core, and tile by tile, two at a time, at 17 to 21 (weights in memory, EPYC
 * with AVX-512).
 */
public final class TiledMatrix {
    /** The source of a matrix's values. */
    @FunctionalInterface
    public interface Source {
        /** Copies the weights of one output, one per input. */
        void copyRow(int out, float[] target);
    }

    private static final int LANES = VectorMath.LANES;
    private static final long ALIGNMENT = 64;
    private static final int PANEL_TILES = 4;

    private final MemorySegment data;
    private final int out;
    private final int in;

    /**
     * A matrix in that memory: of zeros if it is zeroed, or one that was packed before.
     *
     * @param data {@link #bytes(long, long)} bytes
     */
    TiledMatrix(MemorySegment data, int out, int in) {
        this.data = data;
        this.out = out;
        this.in = in;
    }

    /** Bytes of a matrix, in whole units of its alignment. */
    public static long bytes(long out, long in) {
        long bytes = (out + LANES - 1) / LANES * tileBytes(in);
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Packs a matrix, rounding its values to bf16. */
    public static TiledMatrix pack(Arena arena, int out, int in, Source source) {
        TiledMatrix matrix = new TiledMatrix(arena.allocate(bytes(out, in), ALIGNMENT), out, in);
        matrix.fill(0, matrix.panels(), source);
        return matrix;
    }

    /** Packs panels {@code from} (inclusive) to {@code to}, rounding values to bf16. */
    private void fill(int from, int to, Source source) {
        float[] row = new float[in];
        for (int o = outputsBefore(from); o < outputsBefore(to); o++) {
            source.copyRow(o, row);
            long at = firstPair(o);
            long step = step(panelOf(o / LANES));
            for (int i = 0; i < in; i += 2) {
                int pair = Bf16.pair(row[i], i + 1 < in ? row[i + 1] : 0f);
                data().set(ValueLayout.JAVA_INT, at + i / 2 * step, pair);
            }
        }
    }

    /** Packs panels {@code from} (inclusive) to {@code to}; threads may pack different ones. */
    void fill(int from, int to, WeightSource source) {
        long rowBytes = (long) in * Short.BYTES;
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment rows = temporary.allocate(rowBytes * PANEL_TILES * LANES, ALIGNMENT);
            for (int panel = from; panel < to; panel++) {
                int first = outputsBefore(panel);
                int end = outputsBefore(panel + 1);
                source.copyRows(first, end, rows, source.in());
                for (int o = first; o < end; o++) {
                    scatter(rows, (o - first) * rowBytes, firstPair(o), step(panel));
                }
            }
        }
    }

    /** Writes one output's weights, two at a time: a pair in memory is a pair in an int. */
    private void scatter(MemorySegment rows, long from, long to, long step) {
        for (int pair = 0; pair < in / 2; pair++) {
            int both = OffHeap.of(rows).get(ValueLayout.JAVA_INT_UNALIGNED, from + 4L * pair);
            data().set(ValueLayout.JAVA_INT, to + pair * step, both);
        }
        if (in % 2 != 0) {
            short last = rows.get(ValueLayout.JAVA_SHORT, from + 2L * (in - 1));
            data.set(ValueLayout.JAVA_INT, to + in / 2 * step, last & 0xffff);
        }
    }

    /** Outputs of the panels before one. */
    public int outputsBefore(int panel) {
        return panel == panels() ? out : Math.min(out, firstTile(panel) * LANES);
    }

    /** Weights of one output, one per input; the inverse of packing. */
    public float[] row(int output) {
        float[] values = new float[in];
        long at = firstPair(output);
        long step = step(panelOf(output / LANES));
        for (int i = 0; i < in; i++) {
            int pair = data.get(ValueLayout.JAVA_INT, at + i / 2 * step);
            values[i] = i % 2 == 0 ? Bf16.first(pair) : Bf16.second(pair);
        }
        return values;
    }

    /** Byte offset of the weights of an output for the first two inputs. */
    private long firstPair(int output) {
        int tile = output / LANES;
        int panel = panelOf(tile);
        long lane = (long) (tile - firstTile(panel)) * LANES + output % LANES;
        return offset(panel) + lane * Integer.BYTES;
    }

    static int tiles(int out) {
        return (out + LANES - 1) / LANES;
    }

    public int out() {
        return out;
    }

    public int in() {
        return in;
    }

    /** Panels of four tiles, then up to three of one. */
    public int panels() {
        return wide() + tiles(out) % PANEL_TILES;
    }

    /**
     * Panels whose middle lies before an output: 0 for one before the first, all for one beyond the
     * last.
     */
    public int panelsBefore(int output) {
        if (output >= out) {
            return panels();
        }
        int count = 0;
        while (middle(count) < output) {
            count++;
        }
        return count;
    }

    private int middle(int panel) {
        return firstTile(panel) * LANES + (isWide(panel) ? PANEL_TILES : 1) * LANES / 2;
    }

    /** Memory it takes. */
    public long bytes() {
        return data.byteSize();
    }

    MemorySegment data() {
        return OffHeap.of(data);
    }

    /** Pairs of inputs, the last one padded. */
    int pairs() {
        return (in + 1) / 2;
    }

    /** The first tile of a panel. */
    int firstTile(int panel) {
        return panel + (PANEL_TILES - 1) * Math.min(panel, wide());
    }

    /** Whether a panel has four tiles, not one. */
    boolean isWide(int panel) {
        return panel < wide();
    }

    /** Byte offset of a panel. */
    long offset(int panel) {
        return firstTile(panel) * tileBytes(in);
    }

    /** Bytes from one pair of inputs to the next within a panel. */
    int step(int panel) {
        return (isWide(panel) ? PANEL_TILES : 1) * LANES * Integer.BYTES;
    }

    private int panelOf(int tile) {
        int panel = tile / PANEL_TILES;
        return isWide(panel) ? panel : tile - (PANEL_TILES - 1) * wide();
    }

    /** Panels of four tiles; they come before those of one. */
    int wide() {
        return tiles(out) / PANEL_TILES;
    }

    /** Panels of four tiles without padding. */
    int wholePanels() {
        return out / (PANEL_TILES * LANES);
    }

    private static long tileBytes(long in) {
        return (in + 1) / 2 * LANES * Integer.BYTES;
    }
}
