package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.util.Arrays;

/**
 * Multiplies one row by {@link Int8Strips}, with the bits that {@link PanelProduct} gives it among
 * others. An instance holds the buffers of one member of a team.
 */
final class Int8Row {
    private static final int WIDTH = PanelProduct.WIDTH;

    private final float[] sums = new float[WIDTH];
    private final int[] totals = new int[WIDTH];
    private float[] inputs = new float[0];

    /** Computes strips {@code from} (inclusive) to {@code to} of the first row. */
    void multiply(Int8Strips weights, int from, int to, Activations x, FloatMatrix y) {
        int padded = weights.inputs();
        if (inputs.length < padded) {
            inputs = new float[padded];
        }
        Conversions.fromInt8(x.int8(), 0, inputs, 0, weights.in());
        Arrays.fill(inputs, weights.in(), padded, 0f);
        for (int strip = from; strip < to; strip++) {
            sum(weights, strip);
            int column = strip * WIDTH;
            for (int i = 0; i < WIDTH; i++) {
                sums[i] = totals[i] * weights.scales()[column + i] * x.scale(0);
            }
            int count = Math.min(WIDTH, weights.out() - column);
            VectorMath.copy(sums, 0, y.data(), y.offset(0, column), count);
        }
    }

    private void sum(Int8Strips weights, int strip) {
        Arrays.fill(totals, 0);
        for (int from = 0; from < weights.inputs(); from += Int8Strips.EXACT) {
            int to = Math.min(weights.inputs(), from + Int8Strips.EXACT);
            weights.sum(strip, inputs, from, to, sums);
            PanelProduct.addWhole(sums, totals, WIDTH);
        }
    }
}
