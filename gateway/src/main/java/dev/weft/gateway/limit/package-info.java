/**
 * Holds keys to their limits: models, requests and tokens per minute, streams at once, a budget a
 * month. Keys without limits, and gateways without keys, pass at the cost of a comparison. The
 * counts of a minute are behind {@link dev.weft.gateway.limit.allowance.Allowances}, so that they
 * may lie in this gateway's memory or, for several gateways, in Redis. Any thread; nothing blocks.
 */
@NullMarked
package dev.weft.gateway.limit;

import org.jspecify.annotations.NullMarked;
