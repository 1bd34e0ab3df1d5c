/** Says whether this gateway should get traffic. */
@NullMarked
package dev.weft.gateway.health;

import org.jspecify.annotations.NullMarked;
