/** Tests of the gateway: limit. */
@NullMarked
package dev.weft.gateway.limit;

import org.jspecify.annotations.NullMarked;
