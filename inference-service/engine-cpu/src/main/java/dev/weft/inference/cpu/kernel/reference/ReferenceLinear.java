package dev.weft.inference.cpu.kernel.reference;

import dev.weft.inference.cpu.kernel.math.Hadamard;
import dev.weft.inference.cpu.kernel.math.Int8;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The linear layer by its formula, summed in double. Every other one is tested against it, at
 * start-up and in tests. It is too slow to serve with.
 */
public final class ReferenceLinear implements Linear {
    private final WeightSource source;
    private final Precision precision;

    public ReferenceLinear(WeightSource source, Precision precision) {
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
        double[][] inputs = inputs(x, rows);
        int to = member.to(out(), 1);
        for (int o = member.from(out(), 1); o < to; o++) {
            double[] column = column(inputs, o);
            for (int row = 0; row < rows; row++) {
                y.set(row, o, (float) column[row]);
            }
        }
    }

    /**
     * The inputs as a layer of this precision reads them, rows 0 to {@code rows - 1}, {@code
     * [rows][in]}.
     */
    double[][] inputs(Activations x, int rows) {
        double[][] inputs = new double[rows][in()];
        float[] values = new float[in()];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < in(); i++) {
                values[i] = x.rounded(row, i);
            }
            if (precision == Precision.INT8) {
                quantise(values);
            }
            for (int i = 0; i < in(); i++) {
                inputs[row][i] = values[i];
            }
        }
        return inputs;
    }

    /** One output of all rows in double precision. */
    double[] column(double[][] inputs, int out) {
        float[] weights = weights(out);
        double[] sums = new double[inputs.length];
        for (int row = 0; row < sums.length; row++) {
            for (int i = 0; i < in(); i++) {
                sums[row] += inputs[row][i] * weights[i];
            }
        }
        return sums;
    }

    private float[] weights(int out) {
        float[] weights = new float[in()];
        if (precision == Precision.BF16) {
            source.copyRow(out, weights);
            return weights;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(in());
            float scale = source.quantiseRows(out, out + 1, bytes)[0];
            for (int i = 0; i < in(); i++) {
                weights[i] = scale * bytes.get(ValueLayout.JAVA_BYTE, i);
            }
        }
        return weights;
    }

    private static void quantise(float[] values) {
        float scale = Int8.scale(Hadamard.rotate(values));
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * Int8.quantise(values[i], scale);
        }
    }

    @Override
    public void close() {
        // The tensors belong to the checkpoint.
    }
}
