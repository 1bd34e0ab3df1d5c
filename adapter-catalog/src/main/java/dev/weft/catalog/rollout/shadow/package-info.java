/**
 * Shadows: for a time, gateways copy a part of an alias's requests to a candidate, whose answers
 * nobody sees, and tell how they compare with those of the version that the alias serves. A shadow
 * moves no alias. The package owns tables {@code shadows} and {@code shadow_grants}. One loop ends
 * shadows whose time is over or whose candidate does worse than allowed; the row of a shadow is
 * locked meanwhile. Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.rollout.shadow;

import org.jspecify.annotations.NullMarked;
