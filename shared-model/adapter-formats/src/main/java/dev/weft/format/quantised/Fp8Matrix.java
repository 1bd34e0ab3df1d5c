package dev.weft.format.quantised;

import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Weights in 8-bit floats of 4 bits of exponent and 3 of fraction (OCP's E4M3, without infinities),
 * times a scale of their block.
 */
public final class Fp8Matrix implements WeightMatrix {
    private static final float[] VALUES = values();

    private final String name;
    private final Tensor weights;
    private final Scales scales;

    /**
     * Scales by block.
     *
     * @param rows outputs of a block
     * @param columns inputs of a block
     * @param across blocks from the first input to the last
     * @param values {@code [blocks of outputs][across]}
     */
    @SuppressWarnings("ArrayRecordComponent") // large, and nobody else has it
    public record Scales(int rows, int columns, int across, float[] values) {
        float of(long output, long input) {
            return values[(int) ((output / rows) * across + input / columns)];
        }
    }

    /** A matrix of weights {@code [out][in]} and the scales that belong to them. */
    public Fp8Matrix(String name, Tensor weights, Scales scales) {
        this.name = name;
        this.weights = weights;
        this.scales = scales;
    }

    private static float[] values() {
        float[] values = new float[256];
        for (int bits = 0; bits < values.length; bits++) {
            int exponent = (bits >> 3) & 15;
            int fraction = bits & 7;
            float size =
                    exponent == 0
                            ? Math.scalb(fraction, -9)
                            : Math.scalb(8f + fraction, exponent - 10);
            if (exponent == 15 && fraction == 7) {
                size = Float.NaN;
            }
            values[bits] = bits < 128 ? size : -size;
        }
        return values;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Long> shape() {
        return weights.shape();
    }

    @Override
    public void copyTo(long from, float[] target, int offset, int count) {
        long in = weights.shape().get(1);
        for (int i = 0; i < count; i++) {
            long at = from + i;
            int bits = weights.data().get(ValueLayout.JAVA_BYTE, at) & 0xff;
            target[offset + i] = VALUES[bits] * scales.of(at / in, at % in);
        }
    }
}
