/**
 * Limits of keys that several gateways share through Redis. {@link
 * dev.weft.gateway.limit.redis.SharedAllowances} asks Redis and waits a short time; while Redis is
 * away each gateway goes on by estimate, with its share of each limit. {@link
 * dev.weft.gateway.limit.redis.RedisLink} follows whether Redis answers and how many gateways there
 * are, on a loop of its own. Requests' threads and Redis' event loop; none of them blocks.
 */
@NullMarked
package dev.weft.gateway.limit.redis;

import org.jspecify.annotations.NullMarked;
