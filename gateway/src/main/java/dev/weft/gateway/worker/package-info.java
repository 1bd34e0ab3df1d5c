/**
 * Knows the workers: which models each serves, how many requests each has, and which one hangs, so
 * that its requests are taken away from it. Each worker is probed in a loop of its own. The list of
 * workers comes from {@code dev.weft.gateway.discovery}.
 */
@NullMarked
package dev.weft.gateway.worker;

import org.jspecify.annotations.NullMarked;
