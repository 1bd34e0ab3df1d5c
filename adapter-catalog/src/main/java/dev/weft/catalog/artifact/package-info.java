/**
 * Canonical adapters by digest, in a folder or a bucket, and the HTTP endpoint that workers fetch
 * them from. An artifact is complete or absent. A loop removes it when no version needs it. The
 * package reads from table {@code versions} which artifacts are needed.
 */
@NullMarked
package dev.weft.catalog.artifact;

import org.jspecify.annotations.NullMarked;
