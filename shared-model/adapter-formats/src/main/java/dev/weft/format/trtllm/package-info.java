/**
 * LoRA adapters in the form that TensorRT-LLM takes. The package turns checked adapters into its
 * two arrays, in memory or as files. It keeps no state and is safe for any thread.
 */
@NullMarked
package dev.weft.format.trtllm;

import org.jspecify.annotations.NullMarked;
