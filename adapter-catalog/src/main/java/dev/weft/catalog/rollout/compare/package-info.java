/** What rollouts and shadows have in common: two versions of an alias that are compared. */
@NullMarked
package dev.weft.catalog.rollout.compare;

import org.jspecify.annotations.NullMarked;
