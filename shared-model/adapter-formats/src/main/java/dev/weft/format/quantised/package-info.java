/**
 * Weights of checkpoints that are stored in 4 or 8 bits: what config.json's {@code
 * quantization_config} says, and matrices that read as the floats that the numbers stand for.
 */
@NullMarked
package dev.weft.format.quantised;

import org.jspecify.annotations.NullMarked;
