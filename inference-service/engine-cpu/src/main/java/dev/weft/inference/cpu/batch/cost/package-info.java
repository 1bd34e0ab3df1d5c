/**
 * Predicts how long a step takes, by its shape, from the steps that were measured: what the
 * schedule cuts prompts and guesses by. Owner thread only.
 */
@NullMarked
package dev.weft.inference.cpu.batch.cost;

import org.jspecify.annotations.NullMarked;
