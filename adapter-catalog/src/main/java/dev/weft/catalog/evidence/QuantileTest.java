package dev.weft.catalog.evidence;

import dev.weft.protocol.measure.Times;
import java.util.Map;

/**
 * Evidence that a quantile of a candidate's times is above that of the version that it replaces, by
 * more than a factor. The test assumes nothing about how times are distributed.
 *
 * <p>Say the q-quantiles are Q and Q', and {@code Q' <= r Q}. Then for x = Q at most the part q of
 * the times before lies below x, and at least that part of the candidate's times is at most r x.
 * Both are statements on means of observations that are 0 or 1, for which {@link Mixture} gives
 * evidence; the product of both pieces is an e-process for each x, so the smallest one over all x,
 * Q among them, reaches {@code 1/a} at any moment with a chance of at most a. (After S. Howard, A.
 * Ramdas, Sequential estimation of quantiles with applications to A/B testing and best-arm
 * identification, Bernoulli 28 (2022), 1704-1728, with another boundary.) Counts are known at the
 * edges of {@link Times}'s buckets: between two of them the worse edge for the evidence is taken,
 * so what is found is true of the times themselves, and a factor is found late by up to two
 * buckets, 9 %.
 */
public final class QuantileTest {
    private QuantileTest() {}

    /**
     * The logarithm of the evidence that the candidate's quantile is above the other one times the
     * ratio.
     *
     * @param quantile above 0 and below 1, e.g. 0.9
     * @param ratio 1 or more
     */
    public static double log(Times before, Times candidate, double quantile, double ratio) {
        return log(before, candidate, quantile, ratio, Samples.INDEPENDENT);
    }

    /**
     * Returns the logarithm of the evidence that the candidate's quantile is above the other one
     * times the ratio, from samples that belong together as {@code samples} says.
     */
    public static double log(
            Times before, Times candidate, double quantile, double ratio, Samples samples) {
        long[] below = upTo(before);
        long[] within = upTo(candidate);
        int shift = shift(ratio);
        double first = (double) before.total();
        double second = (double) candidate.total();
        double least = Double.POSITIVE_INFINITY;
        // x lies in the bucket, whose lower edge is the upper edge of the one before it
        for (int bucket = 0; bucket < Times.BUCKETS; bucket++) {
            long shorter = bucket == 0 ? 0 : below[bucket - 1];
            long allowed = within[Math.min(Times.BUCKETS - 1, bucket + shift)];
            least =
                    Math.min(
                            least,
                            samples.together(
                                    Mixture.leastUpTo((double) shorter, first, quantile),
                                    Mixture.leastFrom((double) allowed, second, quantile)));
        }
        return least;
    }

    /**
     * The edge of the bucket that has the quantile, in seconds; not a number if there are no times.
     */
    public static double seconds(Times times, double quantile) {
        double wanted = quantile * (double) times.total();
        long seen = 0;
        for (Map.Entry<Integer, Long> each : times.counts().entrySet()) {
            seen += each.getValue();
            if (seen >= wanted) {
                return Times.seconds(each.getKey());
            }
        }
        return Double.NaN;
    }

    private static int shift(double ratio) {
        return (int) Math.ceil(Times.PER_DOUBLE * Math.log(ratio) / Math.log(2));
    }

    private static long[] upTo(Times times) {
        long[] counts = new long[Times.BUCKETS];
        times.counts().forEach((bucket, count) -> counts[bucket] = count);
        for (int bucket = 1; bucket < counts.length; bucket++) {
            counts[bucket] += counts[bucket - 1];
        }
        return counts;
    }
}
