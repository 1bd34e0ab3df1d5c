package dev.weft.protocol.measure;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts of times in buckets that are the same everywhere, so that those of several gateways can be
 * added. Bucket k has the times up to {@code 10 µs * 2^(k/16)} that are above those of bucket k-1,
 * so each is 4.4 % wide; the last one has all longer times too.
 *
 * @param counts how many times lie in a bucket, by its number; only buckets that have some
 */
public record Times(SortedMap<Integer, Long> counts) {
    /** Buckets 0 to 431: the last one begins at 20.5 minutes. */
    public static final int BUCKETS = 432;

    /** Buckets from one time to its double. */
    public static final int PER_DOUBLE = 16;

    /** No times. */
    public static final Times NONE = new Times(new TreeMap<>());

    private static final double FIRST_NANOS = 10_000;
    private static final double NANOS_PER_SECOND = 1e9;

    public Times {
        SortedMap<Integer, Long> copy = new TreeMap<>(counts);
        copy.forEach((bucket, count) -> {
            if (bucket < 0 || bucket >= BUCKETS) {
                throw new IllegalArgumentException(
                        "bucket " + bucket + ": allowed is 0 to " + (BUCKETS - 1));
            }
            if (count < 1) {
                throw new IllegalArgumentException(
                        count + " times in bucket " + bucket + ": allowed is 1 or more");
            }
        });
        counts = Collections.unmodifiableSortedMap(copy);
    }

    /** The bucket that a time belongs to. */
    public static int bucket(long nanos) {
        if (nanos <= FIRST_NANOS) {
            return 0;
        }
        double place = PER_DOUBLE * (Math.log(nanos / FIRST_NANOS) / Math.log(2));
        return Math.min(BUCKETS - 1, (int) Math.ceil(place));
    }

    /** The longest time of a bucket, in seconds; of the last one its shortest. */
    public static double seconds(int bucket) {
        int edge = Math.min(bucket, BUCKETS - 2);
        return FIRST_NANOS * Math.pow(2, (double) edge / PER_DOUBLE) / NANOS_PER_SECOND;
    }

    /** The number of times. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Both together. */
    public Times plus(Times other) {
        SortedMap<Integer, Long> sum = new TreeMap<>(counts);
        for (Map.Entry<Integer, Long> each : other.counts.entrySet()) {
            sum.merge(each.getKey(), each.getValue(), Long::sum);
        }
        return new Times(sum);
    }
}
