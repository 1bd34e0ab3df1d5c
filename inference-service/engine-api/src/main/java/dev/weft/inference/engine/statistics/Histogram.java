package dev.weft.inference.engine.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * Counts values by fixed buckets. Recording allocates nothing and takes some tens of nanoseconds.
 * Any thread; a snapshot may miss a value that is being recorded in its sum or in its counts.
 */
public final class Histogram {
    private final double[] bounds;

    /** One counter more than there are bounds: the last one counts values above all bounds. */
    private final AtomicLongArray counts;

    private final DoubleAdder sum = new DoubleAdder();

    /**
     * What was recorded.
     *
     * @param bounds upper ends of the buckets, inclusive, rising
     * @param counts number of values in each bucket alone, then above the last bound
     * @param sum of all values
     */
    public record Snapshot(List<Double> bounds, List<Long> counts, double sum) {
        public Snapshot {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
            if (counts.size() != bounds.size() + 1) {
                throw new IllegalArgumentException(
                        counts.size() + " counts for " + bounds.size() + " bounds");
            }
        }

        /** Number of all values. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /** The sum of two snapshots, which have the same bounds. */
        public Snapshot plus(Snapshot other) {
            if (!bounds.equals(other.bounds)) {
                throw new IllegalArgumentException(bounds + " and " + other.bounds);
            }
            List<Long> both = new ArrayList<>(counts);
            for (int i = 0; i < both.size(); i++) {
                both.set(i, both.get(i) + other.counts.get(i));
            }
            return new Snapshot(bounds, both, sum + other.sum);
        }
    }

    /**
     * An empty histogram.
     *
     * @param bounds rising
     */
    public Histogram(double... bounds) {
        for (int i = 1; i < bounds.length; i++) {
            if (!(bounds[i - 1] < bounds[i])) {
                throw new IllegalArgumentException(
                        "bounds do not rise: " + Arrays.toString(bounds));
            }
        }
        this.bounds = bounds.clone();
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    /** Counts a value. */
    public void record(double value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sum.add(value);
    }

    /** A snapshot of the values recorded so far. */
    public Snapshot snapshot() {
        List<Long> all = new ArrayList<>(counts.length());
        for (int i = 0; i < counts.length(); i++) {
            all.add(counts.get(i));
        }
        return new Snapshot(Arrays.stream(bounds).boxed().toList(), all, sum.sum());
    }
}
