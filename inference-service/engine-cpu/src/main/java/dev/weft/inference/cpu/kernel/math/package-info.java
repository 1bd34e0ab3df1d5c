/**
 * Numbers and what is computed of them one row at a time: bf16, 8 bits, rotations, and the Vector
 * API's arithmetic over memory outside the heap. Owns no memory; any thread.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.math;

import org.jspecify.annotations.NullMarked;
