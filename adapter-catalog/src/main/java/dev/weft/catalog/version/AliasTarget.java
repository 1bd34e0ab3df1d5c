package dev.weft.catalog.version;

import dev.weft.protocol.feed.Share;

/**
 * A version that an alias points at.
 *
 * @param adapter the adapter's name, in the alias's own tenant
 * @param version its number among the versions of that name
 * @param weight its share of the requests, relative to the other targets
 */
public record AliasTarget(String adapter, int version, int weight) {
    public AliasTarget {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + ": allowed is 1 or more");
        }
        if (weight < 1 || weight > Share.LARGEST_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight " + weight + ": allowed is 1 to " + Share.LARGEST_WEIGHT);
        }
    }
}
