/** Guesses of the next tokens of an answer, which a step verifies beside the next one. */
@NullMarked
package dev.weft.inference.cpu.batch.draft;

import org.jspecify.annotations.NullMarked;
