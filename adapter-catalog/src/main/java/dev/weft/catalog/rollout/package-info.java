/**
 * Rollouts: an alias goes from one version to another in steps, while what gateways measure of both
 * is compared; if the new one does worse than allowed, the alias returns to the old one. The
 * package owns tables {@code rollouts}, {@code rollout_measures} and {@code rollout_batches}, and
 * changes aliases through {@code Aliases}. One loop looks at all that run; the row of a rollout is
 * locked meanwhile, so that several catalogs on one database never move it twice. Handlers run on
 * virtual threads.
 */
@NullMarked
package dev.weft.catalog.rollout;

import org.jspecify.annotations.NullMarked;
