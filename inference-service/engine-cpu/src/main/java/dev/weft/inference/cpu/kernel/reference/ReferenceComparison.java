package dev.weft.inference.cpu.kernel.reference;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** Compares linear layers with the naive reference on random inputs. */
public final class ReferenceComparison {
    /**
     * Largest error allowed, relative to the size of a row's outputs. Both sides see the same
     * rounded values and differ only in the order of their sums; a wrong kernel is off by 0.45 or
     * more.
     */
    public static final double TOLERANCE = 1e-3;

    private static final int SAMPLED_OUTPUTS = 24;

    private final Team team;
    private final int maxRows;

    public ReferenceComparison(Team team, int maxRows) {
        this.team = team;
        this.maxRows = maxRows;
    }

    public double worstError(Linear linear, WeightSource source) {
        double one = error(linear, source, 1);
        double many = error(linear, source, Math.min(maxRows, 13));
        return Double.isNaN(one) || Double.isNaN(many) ? Double.NaN : Math.max(one, many);
    }

    private double error(Linear linear, WeightSource source, int rows) {
        try (Arena arena = Arena.ofShared()) {
            int padded = RowBuckets.ceiling(rows);
            Activations x = Activations.allocate(arena, padded, linear.in());
            fill(x, rows, linear.inputs());
            FloatMatrix y = FloatMatrix.allocate(arena, padded, linear.out());
            team.run(member -> linear.multiply(member, x, y, rows));
            return compare(new ReferenceLinear(source, linear.inputs()), x, y, rows);
        }
    }

    private static void fill(Activations x, int rows, InputForm form) {
        SplittableRandom random = new SplittableRandom(7);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < x.columns(); i++) {
                x.floats().set(row, i, (float) random.nextGaussian());
            }
            x.prepare(row, form);
        }
    }

    private static double compare(
            ReferenceLinear reference, Activations x, FloatMatrix y, int rows) {
        double[][] inputs = reference.inputs(x, rows);
        double squares = 0;
        double errors = 0;
        int step = Math.max(1, reference.out() / SAMPLED_OUTPUTS);
        for (int o = 0; o < reference.out(); o += step) {
            double[] expected = reference.column(inputs, o);
            for (int row = 0; row < rows; row++) {
                double difference = y.get(row, o) - expected[row];
                squares += expected[row] * expected[row];
                errors += difference * difference;
            }
        }
        return squares == 0 ? Math.sqrt(errors) : Math.sqrt(errors / squares);
    }
}
