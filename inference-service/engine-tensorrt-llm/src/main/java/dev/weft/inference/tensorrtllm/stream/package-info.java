/**
 * What the generations of all kinds of models have in common: how they are handed to Triton, tried
 * again, ended, and told to their listeners.
 *
 * <p>Triton's threads only queue. One thread, {@link dev.weft.inference.tensorrtllm.stream.Events},
 * takes what they queued, in order, and calls listeners; the state of a generation is that
 * thread's.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.stream;

import org.jspecify.annotations.NullMarked;
