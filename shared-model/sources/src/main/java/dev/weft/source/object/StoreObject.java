package dev.weft.source.object;

import java.time.Instant;
import java.util.Optional;

/**
 * An object of a store.
 *
 * @param name below the store's prefix, with slashes
 * @param size in bytes, -1 if it is not known
 * @param etag without quotes; empty if it is not known
 * @param md5 in Base64; empty if the store gives none
 * @param modified when it was written; empty if the store does not say
 */
public record StoreObject(
        String name, long size, String etag, String md5, Optional<Instant> modified) {}
