package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;

/** The panels of four tiles of a {@link TiledMatrix}, each as two strips of two tiles. */
final class TiledStrips implements PanelWeights {
    private static final int LANES = VectorMath.LANES;
    private static final long STRIP = (long) PanelProduct.WIDTH * Integer.BYTES;

    /** Strips of a panel. */
    static final int STRIPS = 2;

    private final TiledMatrix matrix;

    TiledStrips(TiledMatrix matrix) {
        this.matrix = matrix;
    }

    @Override
    public int inputs() {
        return 2 * matrix.pairs();
    }

    @Override
    public int together() {
        return STRIPS;
    }

    @Override
    public void unpack(int strip, int from, int count, float[] panel) {
        long at = matrix.offset(strip / STRIPS) + from * STRIP;
        unpack(matrix.data(), at, count / 2, panel);
    }

    private static void unpack(MemorySegment weights, long from, int pairs, float[] panel) {
        int second = 2 * PanelProduct.WIDTH * pairs;
        for (int i = 0; i < pairs; i++) {
            long at = from + 2 * STRIP * i;
            int to = 2 * PanelProduct.WIDTH * i;
            unpackPair(weights, at, panel, to);
            unpackPair(weights, at + STRIP, panel, second + to);
        }
    }

    /** Unpacks two tiles' weights of a pair of inputs, as {@code [2][2 * LANES]}. */
    static void unpackPair(MemorySegment weights, long at, float[] panel, int to) {
        IntVector left = VectorMath.loadInts(weights, at);
        IntVector right = VectorMath.loadInts(weights, at + STRIP / 2);
        VectorMath.firsts(left).intoArray(panel, to);
        VectorMath.firsts(right).intoArray(panel, to + LANES);
        VectorMath.seconds(left).intoArray(panel, to + 2 * LANES);
        VectorMath.seconds(right).intoArray(panel, to + 3 * LANES);
    }
}
