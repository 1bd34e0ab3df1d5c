package dev.weft.standalone.bench.report;

import java.util.Arrays;
import java.util.Optional;

/**
 * Times in milliseconds. A percentile is the smallest value with at least that share of all values
 * at or below it (nearest rank), so it is always a measured value.
 *
 * @param count number of measured values
 */
record Latencies(
        int count, double mean, double min, double p50, double p90, double p99, double max) {
    /**
     * Summarizes values; empty if there are none.
     *
     * @param nanos values in any order
     */
    static Optional<Latencies> of(long[] nanos) {
        if (nanos.length == 0) {
            return Optional.empty();
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return Optional.of(
                new Latencies(
                        sorted.length,
                        Arrays.stream(sorted).average().orElseThrow() / 1e6,
                        sorted[0] / 1e6,
                        rank(sorted, 50),
                        rank(sorted, 90),
                        rank(sorted, 99),
                        sorted[sorted.length - 1] / 1e6));
    }

    private static double rank(long[] sorted, int percent) {
        long rank = ((long) sorted.length * percent + 99) / 100;
        return sorted[(int) rank - 1] / 1e6;
    }
}
