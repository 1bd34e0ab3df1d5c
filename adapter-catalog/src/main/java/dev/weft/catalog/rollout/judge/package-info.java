/**
 * What says whether a new version does worse than one before: bounds, the figures of both, and what
 * the tests of package {@code evidence} find. The package keeps no state. Any thread.
 */
@NullMarked
package dev.weft.catalog.rollout.judge;

import org.jspecify.annotations.NullMarked;
