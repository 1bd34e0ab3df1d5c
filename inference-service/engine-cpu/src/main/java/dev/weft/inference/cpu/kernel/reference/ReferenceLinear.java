package dev.weft.inference.cpu.kernel.reference;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Hadamard;
import dev.weft.inference.cpu.kernel.math.Int8;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
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
    private final InputForm inputs;

    /** A layer whose weights are in 8 bits if its inputs are, and else as they are stored. */
    public ReferenceLinear(WeightSource source, InputForm inputs) {
        this.source = source;
        this.inputs = inputs;
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
    public InputForm inputs() {
        return inputs;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        double[][] read = inputs(x, rows);
        int to = member.to(out(), 1);
        for (int o = member.from(out(), 1); o < to; o++) {
            double[] column = column(read, o);
            for (int row = 0; row < rows; row++) {
                y.set(row, o, (float) column[row]);
            }
        }
    }

    /**
     * The inputs in the form that this layer reads, rows 0 to {@code rows - 1}, {@code [rows][in]}.
     */
    double[][] inputs(Activations x, int rows) {
        double[][] read = new double[rows][in()];
        float[] values = new float[in()];
        for (int row = 0; row < rows; row++) {
            VectorMath.copy(x.floats().data(), x.floats().offset(row, 0), values, 0, in());
            switch (inputs) {
                case FLOAT -> {
                    // as they are
                }
                case BF16 -> round(values);
                case INT8, REDUCED_INT8 -> quantise(values, inputs.largestByte());
            }
            for (int i = 0; i < in(); i++) {
                read[row][i] = values[i];
            }
        }
        return read;
    }

    /** One output of all rows in double precision. */
    double[] column(double[][] read, int out) {
        float[] weights = weights(out);
        double[] sums = new double[read.length];
        for (int row = 0; row < sums.length; row++) {
            for (int i = 0; i < in(); i++) {
                sums[row] += read[row][i] * weights[i];
            }
        }
        return sums;
    }

    private float[] weights(int out) {
        float[] weights = new float[in()];
        if (inputs.largestByte() == 0) {
            source.copyRow(out, weights);
            return weights;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(in());
            float scale = source.quantiseRows(out, out + 1, bytes, inputs.largestByte())[0];
            for (int i = 0; i < in(); i++) {
                weights[i] = scale * bytes.get(ValueLayout.JAVA_BYTE, i);
            }
        }
        return weights;
    }

    private static void round(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Bf16.toFloat(Bf16.of(values[i]));
        }
    }

    private static void quantise(float[] values, int largest) {
        float scale = Int8.scale(Hadamard.rotate(values), largest);
        for (int i = 0; i < values.length; i++) {
            values[i] = scale * Int8.quantise(values[i], scale);
        }
    }

    @Override
    public void close() {
        // The tensors belong to the checkpoint.
    }
}
