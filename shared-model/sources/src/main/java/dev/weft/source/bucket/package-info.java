/**
 * Repositories in the buckets of object stores, read through {@code object}. Their content is named
 * by a hash, so that a change during a fetch is seen. One thread.
 */
@NullMarked
package dev.weft.source.bucket;

import org.jspecify.annotations.NullMarked;
