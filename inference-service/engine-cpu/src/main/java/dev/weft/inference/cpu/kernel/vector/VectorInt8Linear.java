package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The int8 linear layer in the Vector API: runs wherever a JVM does. Products of two 8-bit numbers
 * are summed as floats, each row's inputs in the same order whatever its companions. Weights lie in
 * tiles of {@link VectorMath#LANES} outputs, {@code [out / LANES][in][LANES]}.
 */
public final class VectorInt8Linear implements Linear {
    private static final int LANES = VectorMath.LANES;

    private final MemorySegment tiles;
    private final float[] scales;
    private final int in;
    private final int out;

    public VectorInt8Linear(Arena memory, WeightSource source) {
        this.in = source.in();
        this.out = source.out();
        int padded = TiledMatrix.tiles(out) * LANES;
        // Loads of the shortest byte vectors reach a little beyond a tile's last weight.
        this.tiles = memory.allocate((long) padded * in + VectorMath.BYTES.length(), 64);
        this.scales = Arrays.copyOf(pack(source), padded);
    }

    private float[] pack(WeightSource source) {
        float[] found = new float[out];
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment row = temporary.allocate(in);
            for (int o = 0; o < out; o++) {
                found[o] = source.quantiseRows(o, o + 1, row)[0];
                long at = (long) (o / LANES) * in * LANES + o % LANES;
                for (int i = 0; i < in; i++) {
                    tiles.set(
                            ValueLayout.JAVA_BYTE,
                            at + (long) i * LANES,
                            row.get(ValueLayout.JAVA_BYTE, i));
                }
            }
        }
        return found;
    }

    @Override
    public int in() {
        return in;
    }

    @Override
    public int out() {
        return out;
    }

    @Override
    public Precision precision() {
        return Precision.INT8;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int count = TiledMatrix.tiles(out);
        int to = member.to(count, 1);
        for (int tile = member.from(count, 1); tile < to; tile++) {
            multiply(tile, x, y, rows);
        }
    }

    private void multiply(int tile, Activations x, FloatMatrix y, int rows) {
        for (int row = 0; row < rows; row += 2) {
            boolean two = row + 1 < rows;
            // A single row is multiplied twice rather than by another kernel.
            Sums sums = multiplyTwo(tile, x.int8(), row, two ? row + 1 : row);
            store(sums.first, tile, x, y, row);
            if (two) {
                store(sums.second, tile, x, y, row + 1);
            }
        }
    }

    private record Sums(FloatVector first, FloatVector second) {}

    private Sums multiplyTwo(int tile, MemorySegment inputs, int row0, int row1) {
        long x0 = (long) row0 * in;
        long x1 = (long) row1 * in;
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        long at = (long) tile * in * LANES;
        for (int i = 0; i < in; i++) {
            FloatVector w = VectorMath.loadInt8(tiles, at + (long) i * LANES);
            a0 = w.fma(input(inputs, x0 + i), a0);
            a1 = w.fma(input(inputs, x1 + i), a1);
        }
        return new Sums(a0, a1);
    }

    private static FloatVector input(MemorySegment inputs, long at) {
        float value = inputs.get(ValueLayout.JAVA_BYTE, at);
        return FloatVector.broadcast(VectorMath.FLOATS, value);
    }

    private void store(FloatVector sum, int tile, Activations x, FloatMatrix y, int row) {
        int column = tile * LANES;
        FloatVector scaled =
                sum.mul(FloatVector.fromArray(VectorMath.FLOATS, scales, column)).mul(x.scale(row));
        if (column + LANES <= out) {
            scaled.intoMemorySegment(y.data(), y.offset(row, column), VectorMath.ORDER);
            return;
        }
        float[] lanes = scaled.toArray();
        for (int o = column; o < out; o++) {
            y.set(row, o, lanes[o - column]);
        }
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
