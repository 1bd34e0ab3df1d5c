package dev.weft.access.holder;

/**
 * A token of the catalog as a key that accounts are kept for.
 *
 * @param id the same for all tokens that took each other's place
 */
public record HeldKey(long id) {
    public HeldKey {
        if (id < 1) {
            throw new IllegalArgumentException("key " + id + ": allowed is 1 or more");
        }
    }
}
