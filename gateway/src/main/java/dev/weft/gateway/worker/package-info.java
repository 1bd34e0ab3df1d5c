/**
 * The workers: who is there, what each serves, how many requests each has. Probes each on a virtual
 * thread of its own.
 */
@NullMarked
package dev.weft.gateway.worker;

import org.jspecify.annotations.NullMarked;
