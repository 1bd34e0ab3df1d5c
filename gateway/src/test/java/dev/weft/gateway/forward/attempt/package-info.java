/** Tests of the gateway: attempts. */
@NullMarked
package dev.weft.gateway.forward.attempt;

import org.jspecify.annotations.NullMarked;
