/**
 * The workers: which there are, which models each serves, how many requests each has, and which of
 * them hangs, so that its requests are taken away from it. Each is probed in a loop of its own.
 * Which there are is told from outside.
 */
@NullMarked
package dev.weft.gateway.worker;

import org.jspecify.annotations.NullMarked;
