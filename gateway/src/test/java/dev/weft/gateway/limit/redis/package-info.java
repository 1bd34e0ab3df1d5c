/** Tests of the gateway: limit.redis. */
@NullMarked
package dev.weft.gateway.limit.redis;

import org.jspecify.annotations.NullMarked;
