/**
 * The common part of the generations of all kinds of models: they are handed to Triton, tried
 * again, ended, and told to their listeners.
 *
 * <p>Triton's threads only queue. One thread, {@link dev.weft.inference.tensorrtllm.stream.Events},
 * takes their events in order and calls listeners; that thread owns the state of a generation.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.stream;

import org.jspecify.annotations.NullMarked;
