/** Tests of the gateway: requests. */
@NullMarked
package dev.weft.gateway.forward.request;

import org.jspecify.annotations.NullMarked;
