/**
 * The way of a request to a worker and of its bytes back, through Spring Cloud Gateway. Event-loop
 * threads; never blocks.
 */
@NullMarked
package dev.weft.gateway.forward;

import org.jspecify.annotations.NullMarked;
