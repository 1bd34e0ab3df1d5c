package dev.weft.access.holder;

import org.jspecify.annotations.Nullable;

/**
 * A token of the catalog as a key that accounts are kept for.
 *
 * @param id the same for all tokens that took each other's place
 * @param spent null if the key has no budget
 */
public record HeldKey(long id, KeyLimits limits, @Nullable Spent spent) {
    public HeldKey {
        if (id < 1) {
            throw new IllegalArgumentException("key " + id + ": allowed is 1 or more");
        }
        limits = limits == null ? KeyLimits.NONE : limits; // an older catalog says none
    }
}
