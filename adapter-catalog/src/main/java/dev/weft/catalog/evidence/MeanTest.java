package dev.weft.catalog.evidence;

/**
 * Evidence that the mean of a candidate's observations is above that of the version that it
 * replaces, by more than a margin.
 *
 * <p>For every pair of means (p, p') the product {@code M(p) M'(p')} of the two {@link Mixture}s is
 * a martingale, or a supermartingale, if p and p' are the true means. So the smallest product over
 * all pairs with {@code p' <= p + margin} reaches {@code 1/a} with a chance of at most a, at any
 * moment, if the candidate is within the margin: it is an e-process for that. Its reciprocal is a
 * p-value that may be looked at as often as one likes (A. Ramdas, P. Grünwald, V. Vovk, G. Shafer,
 * Game-theoretic statistics and safe anytime-valid inference, Statist. Sci. 38 (2023), 576-601).
 *
 * <p>It takes requests to be independent with means that stay the same while the sample is taken.
 */
public final class MeanTest {
    /** The width of the interval falls by a third a round: to 1e-17 of it. */
    private static final int ROUNDS = 96;

    private MeanTest() {}

    /**
     * The logarithm of the evidence that the candidate's mean is above the other one by more than
     * the margin.
     */
    public static double log(Observations before, Observations candidate, double margin) {
        return log(before, candidate, margin, Samples.INDEPENDENT);
    }

    /**
     * Returns the logarithm of the evidence that the candidate's mean is above the other one by
     * more than the margin, from samples that belong together as {@code samples} says.
     */
    public static double log(
            Observations before, Observations candidate, double margin, Samples samples) {
        double low = 0;
        double high = 1;
        // the logarithm is convex in the mean
        for (int round = 0; round < ROUNDS; round++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (log(before, candidate, margin, samples, left)
                    <= log(before, candidate, margin, samples, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return Math.min(
                log(before, candidate, margin, samples, (low + high) / 2),
                Math.min(
                        log(before, candidate, margin, samples, 0),
                        log(before, candidate, margin, samples, 1)));
    }

    private static double log(
            Observations before,
            Observations candidate,
            double margin,
            Samples samples,
            double mean) {
        return samples.together(
                Mixture.log(before.sum(), (double) before.count(), mean),
                Mixture.logUpTo(
                        candidate.sum(), (double) candidate.count(), Math.min(1, mean + margin)));
    }
}
