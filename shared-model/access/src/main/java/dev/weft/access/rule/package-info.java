/**
 * What somebody may do: Spring Security's chain, which finds out whose a request is and then asks
 * the rule of its handler or path. Runs on Reactor's threads and waits for nothing.
 */
@NullMarked
package dev.weft.access.rule;

import org.jspecify.annotations.NullMarked;
