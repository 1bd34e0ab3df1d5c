/**
 * Matrices outside the heap, the weights that layers are packed from, and the interface of linear
 * layers. The package owns the memory that it allocates; members of the team write disjoint parts.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.matrix;

import org.jspecify.annotations.NullMarked;
