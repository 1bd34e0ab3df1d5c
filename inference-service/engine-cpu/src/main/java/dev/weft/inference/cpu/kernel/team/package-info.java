/**
 * The threads that run every operator together, each its slice, and what they take while none runs.
 * Owns the threads; one thread at a time starts regions.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.team;

import org.jspecify.annotations.NullMarked;
