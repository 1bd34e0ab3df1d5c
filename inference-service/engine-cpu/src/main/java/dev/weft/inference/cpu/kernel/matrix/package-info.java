/**
 * Matrices outside the heap, the weights that layers are packed from, and what a linear layer is to
 * those that use it. Owns the memory that it allocates; members of the team write disjoint parts.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.matrix;

import org.jspecify.annotations.NullMarked;
