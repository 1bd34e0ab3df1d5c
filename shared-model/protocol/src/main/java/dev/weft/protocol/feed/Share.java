package dev.weft.protocol.feed;

/**
 * A version that a name leads to.
 *
 * @param weight its part of the requests for the name, relative to the other shares; 0 if it can
 *     only be pinned
 */
public record Share(ServedVersion version, int weight) {
    /** Larger weights would express nothing new, and sums stay far from an overflow. */
    public static final int LARGEST_WEIGHT = 1_000_000;

    public Share {
        if (weight < 0 || weight > LARGEST_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight " + weight + ": allowed is 0 to " + LARGEST_WEIGHT);
        }
    }
}
