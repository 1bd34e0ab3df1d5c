/**
 * Takes a request to a worker and its answer back, through Spring Cloud Gateway. The package runs
 * on event-loop threads and never blocks.
 */
@NullMarked
package dev.weft.gateway.forward;

import org.jspecify.annotations.NullMarked;
