/** Tests of the gateway: usage. */
@NullMarked
package dev.weft.gateway.usage;

import org.jspecify.annotations.NullMarked;
