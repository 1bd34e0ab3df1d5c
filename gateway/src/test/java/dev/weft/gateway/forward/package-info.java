/** Tests of the gateway: forward. */
@NullMarked
package dev.weft.gateway.forward;

import org.jspecify.annotations.NullMarked;
