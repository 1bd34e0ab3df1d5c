/** Tests of the gateway: who has seen the beginning of a request. */
@NullMarked
package dev.weft.gateway.routing.prefix;

import org.jspecify.annotations.NullMarked;
