/**
 * Judges whether a new version does worse than the one before: by bounds, the figures of both, and
 * the tests of package {@code evidence}. The package keeps no state. Any thread.
 */
@NullMarked
package dev.weft.catalog.rollout.judge;

import org.jspecify.annotations.NullMarked;
