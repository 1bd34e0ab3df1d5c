package dev.weft.inference.cpu.batch.cost;

import java.util.Arrays;

/**
 * How long steps without prompts take by their number of rows, beside what is predicted: kernels
 * take some numbers of rows at once, so that a row more may cost nothing or as much as eight. Owner
 * thread only.
 */
public final class DecodeTimes {
    /** What an earlier measurement counts beside the last. */
    private static final double KEPT = 0.8;

    /** The part by which other numbers of rows come closer to what is predicted, with each step. */
    private static final double FORGOTTEN = 0.002;

    /** Measured over predicted times, by rows; 0 for numbers that were not measured. */
    private final double[] ratios;

    public DecodeTimes(int maxRows) {
        this.ratios = new double[maxRows + 1];
    }

    /** Expected seconds of a step with so many rows. */
    public double of(int rows, double predicted) {
        return ratios[rows] == 0 ? predicted : ratios[rows] * predicted;
    }

    /** A step took so long. */
    public void measured(int rows, double seconds, double predicted) {
        if (rows >= ratios.length || !(predicted > 0 && predicted < Double.POSITIVE_INFINITY)) {
            return;
        }
        double before = ratios[rows];
        Arrays.setAll(ratios, i -> ratios[i] == 0 ? 0 : ratios[i] + FORGOTTEN * (1 - ratios[i]));
        double ratio = seconds / predicted;
        ratios[rows] = before == 0 ? ratio : KEPT * before + (1 - KEPT) * ratio;
    }
}
