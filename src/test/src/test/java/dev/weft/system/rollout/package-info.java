/** Versions, aliases and rollouts from the admin API to the answers of the sample. */
@NullMarked
package dev.weft.system.rollout;

import org.jspecify.annotations.NullMarked;
