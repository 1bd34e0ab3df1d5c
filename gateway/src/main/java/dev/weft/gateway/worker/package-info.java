/**
 * The workers: who is there, what each serves, how many requests each has, and which of them hangs,
 * so that what it was given is taken away from it. Probes each in a loop of its own.
 */
@NullMarked
package dev.weft.gateway.worker;

import org.jspecify.annotations.NullMarked;
