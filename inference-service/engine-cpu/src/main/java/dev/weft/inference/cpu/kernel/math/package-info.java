/**
 * Numbers and arithmetic on one row at a time: bf16, 8 bits, rotations, and the Vector API over
 * memory outside the heap. The package owns no memory. Any thread.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.math;

import org.jspecify.annotations.NullMarked;
