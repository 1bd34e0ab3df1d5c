/**
 * Predicts how long a step takes, by its shape, from the steps that were measured. The schedule
 * limits pieces of prompts and guesses by it. Owner thread only.
 */
@NullMarked
package dev.weft.inference.cpu.batch.cost;

import org.jspecify.annotations.NullMarked;
