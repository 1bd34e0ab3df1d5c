/**
 * Naive linear layers, for tests and for the self-test of every other kernel at start. Slow, in
 * plain Java; the members of the team share the work.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.reference;

import org.jspecify.annotations.NullMarked;
