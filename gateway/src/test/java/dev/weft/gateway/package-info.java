/** Tests of the gateway. */
@NullMarked
package dev.weft.gateway;

import org.jspecify.annotations.NullMarked;
