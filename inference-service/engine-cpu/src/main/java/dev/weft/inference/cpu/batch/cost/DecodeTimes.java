package dev.weft.inference.cpu.batch.cost;

import java.util.stream.IntStream;

/**
 * How long steps without prompts take by their number of rows, beside what is predicted: kernels
 * take some numbers of rows at once, so that a row more may cost nothing or as much as eight. Owner
 * thread only.
 */
public final class DecodeTimes {
    /** What other numbers of rows are assumed to take, over what is predicted. */
    private static final double AS_PREDICTED = 1;

    /** Measured over predicted times, by rows. */
    private final LearntCost[] ratios;

    public DecodeTimes(int maxRows) {
        this.ratios =
                IntStream.rangeClosed(0, maxRows)
                        .mapToObj(rows -> new LearntCost())
                        .toArray(LearntCost[]::new);
    }

    /** Expected seconds of a step with so many rows. */
    public double of(int rows, double predicted) {
        return ratios[rows].orElse(AS_PREDICTED) * predicted;
    }

    /** A step took so long. */
    public void measured(int rows, double seconds, double predicted) {
        if (rows >= ratios.length || !(predicted > 0 && predicted < Double.POSITIVE_INFINITY)) {
            return;
        }
        for (int i = 0; i < ratios.length; i++) {
            if (i == rows) {
                ratios[i].measured(seconds / predicted);
            } else {
                ratios[i].unmeasured(AS_PREDICTED);
            }
        }
    }
}
