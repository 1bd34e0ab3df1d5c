/**
 * The batch loop: one owner thread that takes commands, runs a forward pass over the rows of each
 * step, samples and tells the listeners. {@code schedule} chooses the rows of a step, {@code
 * choice} their tokens. The loop owns the team, the decoder, the KV cache and the shelf of
 * adapters; other threads only queue commands and read counters.
 */
@NullMarked
package dev.weft.inference.cpu.batch;

import org.jspecify.annotations.NullMarked;
