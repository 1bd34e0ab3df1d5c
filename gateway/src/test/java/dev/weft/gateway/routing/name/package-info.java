/** Tests of the gateway: what names stand for. */
@NullMarked
package dev.weft.gateway.routing.name;

import org.jspecify.annotations.NullMarked;
