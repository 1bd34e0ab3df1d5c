package dev.weft.inference.cpu.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The linear layer as the formula says it, summed in double: what every other one is tested
 * against, at start-up and in tests. Too slow to serve with.
 */
final class ReferenceLinear implements Linear {
    private final WeightSource source;
    private final Precision precision;

    ReferenceLinear(WeightSource source, Precision precision) {
        this.source = source;
        this.precision = precision;
    }

    @Override
    public int in() {
        return source.in();
    }

    @Override
    public int out() {
        return source.out();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int to = member.to(out(), 1);
        for (int o = member.from(out(), 1); o < to; o++) {
            double[] column = column(x, rows, o);
            for (int row = 0; row < rows; row++) {
                y.set(row, o, (float) column[row]);
            }
        }
    }

    /** One output of rows 0 to {@code rows - 1} in double precision. */
    double[] column(Activations x, int rows, int out) {
        return switch (precision) {
            case BF16 -> bf16(x, rows, out);
            case INT8, INT8_FINE -> int8(x, rows, out);
        };
    }

    private double[] bf16(Activations x, int rows, int out) {
        float[] weights = new float[in()];
        source.copyRow(out, weights);
        double[] sums = new double[rows];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < in(); i++) {
                sums[row] += (double) x.rounded(row, i) * weights[i];
            }
        }
        return sums;
    }

    private double[] int8(Activations x, int rows, int out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment weights = arena.allocate(in());
            float scale = source.quantiseRows(out, out + 1, weights)[0];
            double[] sums = new double[rows];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < in(); i++) {
                    sums[row] +=
                            x.quantised(row, i, precision) * weights.get(ValueLayout.JAVA_BYTE, i);
                }
                sums[row] *= (double) scale * x.scale(row);
            }
            return sums;
        }
    }

    @Override
    public void close() {
        // The tensors belong to the checkpoint.
    }
}
