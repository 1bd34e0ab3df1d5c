/**
 * The batch loop: one owner thread that takes commands, chooses rows, runs one forward pass over
 * all of them, samples and tells the listeners.
 */
@NullMarked
package dev.weft.inference.cpu.batch;

import org.jspecify.annotations.NullMarked;
