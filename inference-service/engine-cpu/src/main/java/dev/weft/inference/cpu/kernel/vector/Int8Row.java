package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.QuadSums;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;

/**
 * Multiplies one row by {@link Int8Strips}, with the bits that {@link PanelProduct} gives it among
 * others. An instance holds the buffers of one member of a team.
 */
final class Int8Row {
    private static final int WIDTH = PanelProduct.WIDTH;

    private final QuadSums sums = new QuadSums(WIDTH);
    private final float[] outputs = new float[WIDTH];

    /** Computes strips {@code from} (inclusive) to {@code to} of the first row. */
    void multiply(Int8Strips weights, int from, int to, Activations x, FloatMatrix y) {
        sums.read(x.int8(), weights.in());
        for (int strip = from; strip < to; strip++) {
            weights.sum(strip, sums);
            int column = strip * WIDTH;
            sums.scale(weights.scales(), column, x.scale(0), outputs);
            int count = Math.min(WIDTH, weights.out() - column);
            VectorMath.copy(outputs, 0, y.data(), y.offset(0, column), count);
        }
    }
}
