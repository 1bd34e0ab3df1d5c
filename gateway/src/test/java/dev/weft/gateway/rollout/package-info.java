@NullMarked
package dev.weft.gateway.rollout;

import org.jspecify.annotations.NullMarked;
