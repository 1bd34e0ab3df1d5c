/**
 * A route of Spring Cloud Gateway with nothing of Weft. {@code bench gateway} measures it beside
 * Weft's gateway.
 */
@NullMarked
package dev.weft.gateway.bare;

import org.jspecify.annotations.NullMarked;
