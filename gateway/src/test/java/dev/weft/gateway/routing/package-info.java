/** Tests of the gateway: routing. */
@NullMarked
package dev.weft.gateway.routing;

import org.jspecify.annotations.NullMarked;
