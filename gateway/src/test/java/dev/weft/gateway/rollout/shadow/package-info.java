/** Tests of the gateway: shadows. */
@NullMarked
package dev.weft.gateway.rollout.shadow;

import org.jspecify.annotations.NullMarked;
