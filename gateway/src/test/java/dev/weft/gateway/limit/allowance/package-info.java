/** Tests of the gateway: limit.allowance. */
@NullMarked
package dev.weft.gateway.limit.allowance;

import org.jspecify.annotations.NullMarked;
