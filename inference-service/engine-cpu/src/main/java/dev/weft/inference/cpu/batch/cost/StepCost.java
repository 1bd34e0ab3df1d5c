package dev.weft.inference.cpu.batch.cost;

import dev.weft.inference.cpu.kernel.matrix.RowBuckets;

/**
 * Predicts how long a step takes from measured steps: {@code fixed + perRow * rows + perRead *
 * attended}, none of them negative, by least squares of the relative error. A measurement's weight
 * falls by {@link #KEPT} with each later one of its kind. Steps with and without prompts are two
 * kinds, so that a long answer does not wash out what prompts have shown. Rows count as the kernels
 * pad them. Owner thread only.
 */
public final class StepCost {
    private static final double KEPT = 0.9;

    /**
     * The cost of a step is not known if it has over so many times the rows of any measured one.
     */
    private static final int REACH = 2;

    /**
     * The cost of a step is not known if it has over so many times the reads of any measured one.
     * The factor is larger than for rows, since a prompt of twice the length reads four times as
     * much.
     */
    private static final int REACH_OF_READS = 8;

    private static final int SWEEPS = 100;

    /** The terms are divided by these, so that they are of similar size. */
    private static final double ROWS = 16;

    private static final double READS = 4_096;

    /** Sums over the measurements of one kind: {@code z z^T} and {@code z}, z the terms by time. */
    private static final class Sums {
        private final double[][] products = new double[3][3];
        private final double[] terms = new double[3];

        void add(double[] z) {
            for (int i = 0; i < z.length; i++) {
                terms[i] = KEPT * terms[i] + z[i];
                for (int j = 0; j < z.length; j++) {
                    products[i][j] = KEPT * products[i][j] + z[i] * z[j];
                }
            }
        }
    }

    private final Sums decoding = new Sums();
    private final Sums prompts = new Sums();

    /** Seconds per row, per position read, per step. */
    private final double[] costs = new double[3];

    private int mostRows;
    private long mostAttended;

    /** Takes a measured step in. */
    public void measured(StepShape shape, double seconds) {
        double[] z = terms(shape);
        for (int i = 0; i < z.length; i++) {
            z[i] /= Math.max(seconds, 1e-6);
        }
        (shape.prompt() > 0 ? prompts : decoding).add(z);
        mostRows = Math.max(mostRows, shape.rows());
        mostAttended = Math.max(mostAttended, shape.attended());
        fit();
    }

    /** Expected seconds; infinity for a step so large that nothing like it was measured. */
    public double expected(StepShape shape) {
        if (shape.rows() > (long) REACH * mostRows
                || shape.attended() > REACH_OF_READS * mostAttended) {
            return Double.POSITIVE_INFINITY;
        }
        double[] terms = terms(shape);
        return costs[0] * terms[0] + costs[1] * terms[1] + costs[2] * terms[2];
    }

    /**
     * Least squares with costs of at least 0, by descent along one cost after the other from where
     * the last fit ended. The cost of rows comes first: if the measurements can't tell the three
     * apart, it explains most, and larger steps are expected to take longer rather than shorter.
     */
    private void fit() {
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 0; i < costs.length; i++) {
                double rest = decoding.terms[i] + prompts.terms[i];
                for (int j = 0; j < costs.length; j++) {
                    rest -= i == j ? 0 : product(i, j) * costs[j];
                }
                costs[i] = Math.max(0, rest / product(i, i));
            }
        }
    }

    private double product(int i, int j) {
        return decoding.products[i][j] + prompts.products[i][j];
    }

    private static double[] terms(StepShape shape) {
        return new double[] {RowBuckets.ceiling(shape.rows()) / ROWS, shape.attended() / READS, 1};
    }
}
