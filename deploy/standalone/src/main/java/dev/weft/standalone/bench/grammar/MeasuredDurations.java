package dev.weft.standalone.bench.grammar;

import dev.weft.standalone.bench.stream.LongList;
import java.util.Arrays;
import java.util.Locale;

/** Durations in nanoseconds, and their distribution. */
final class MeasuredDurations {
    private final LongList nanos = new LongList(1024);

    void add(long duration) {
        nanos.add(duration);
    }

    /** Mean and quantiles, in units of {@code unit} nanoseconds. */
    String distribution(double unit) {
        long[] sorted = nanos.toArray();
        if (sorted.length == 0) {
            return "-";
        }
        Arrays.sort(sorted);
        double mean = Arrays.stream(sorted).average().orElse(0);
        return String.format(
                Locale.ROOT,
                "mean %.1f, p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f (%d of them)",
                mean / unit,
                at(sorted, 0.5) / unit,
                at(sorted, 0.9) / unit,
                at(sorted, 0.99) / unit,
                at(sorted, 0.999) / unit,
                sorted[sorted.length - 1] / unit,
                sorted.length);
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[
                (int) Math.min(sorted.length - 1, Math.round(quantile * (sorted.length - 1)))];
    }
}
