/**
 * The Vector API's kernels: attention, products with tiled matrices, linear layers where oneDNN is
 * not, norms and logits. Owns no threads; the members of the team call it, each for its own part.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.vector;

import org.jspecify.annotations.NullMarked;
