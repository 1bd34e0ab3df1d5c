/**
 * What requests take of their keys' allowances. {@link dev.weft.gateway.limit.allowance.Allowances}
 * is the port behind which they are counted: in this gateway's memory, or for all gateways in one
 * place. Any thread; nothing blocks.
 */
@NullMarked
package dev.weft.gateway.limit.allowance;

import org.jspecify.annotations.NullMarked;
