/**
 * Canonical adapters by digest, in a folder or a bucket, and the HTTP endpoint that workers fetch
 * them from. An artifact appears whole or not at all, and goes, by a loop, when no version needs
 * it. Reads from table {@code versions} which ones are needed.
 */
@NullMarked
package dev.weft.catalog.artifact;

import org.jspecify.annotations.NullMarked;
