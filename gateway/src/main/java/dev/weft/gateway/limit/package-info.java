/**
 * Holds keys to their limits: models, requests and tokens per minute, streams at once, a budget a
 * month. Keys without limits, and gateways without keys, pass at the cost of a comparison. What is
 * counted within a minute is behind {@link dev.weft.gateway.limit.allowance.Allowances}, so that it
 * may lie in this gateway's memory or, for several gateways, in Redis. Any thread; nothing blocks.
 */
@NullMarked
package dev.weft.gateway.limit;

import org.jspecify.annotations.NullMarked;
