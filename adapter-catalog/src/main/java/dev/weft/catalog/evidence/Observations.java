package dev.weft.catalog.evidence;

/**
 * Observations in [0,1], such as requests that failed (1) or did not (0).
 *
 * @param sum of the observations
 * @param count how many there are
 */
public record Observations(double sum, long count) {
    public Observations {
        if (count < 0 || !(sum >= 0 && sum <= count)) {
            throw new IllegalArgumentException(
                    "sum " + sum + " of " + count + " observations: allowed is 0 to that many");
        }
    }

    /** Their mean; not a number if there are none. */
    public double mean() {
        return count == 0 ? Double.NaN : sum / (double) count;
    }
}
