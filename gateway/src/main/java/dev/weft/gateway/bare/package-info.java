/**
 * A route of Spring Cloud Gateway with nothing of Weft, which {@code bench gateway} measures
 * beside.
 */
@NullMarked
package dev.weft.gateway.bare;

import org.jspecify.annotations.NullMarked;
