/**
 * What TensorRT-LLM takes of a LoRA adapter: turns checked adapters into its two arrays, in memory
 * or as files. Keeps no state; safe for any thread.
 */
@NullMarked
package dev.weft.format.trtllm;

import org.jspecify.annotations.NullMarked;
