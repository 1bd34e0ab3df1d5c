/** Tests of the gateway: queue. */
@NullMarked
package dev.weft.gateway.queue;

import org.jspecify.annotations.NullMarked;
