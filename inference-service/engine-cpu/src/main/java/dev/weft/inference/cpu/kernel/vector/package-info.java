/**
 * The Vector API's kernels: products with tiled matrices, linear layers without oneDNN, norms and
 * logits. The package owns no threads; each member of the team calls it for its own part.
 */
@NullMarked
package dev.weft.inference.cpu.kernel.vector;

import org.jspecify.annotations.NullMarked;
