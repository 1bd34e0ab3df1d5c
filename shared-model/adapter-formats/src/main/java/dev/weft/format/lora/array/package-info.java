/**
 * Adapters as the two arrays that TensorRT-LLM takes: read to pairs, and held against PEFT's
 * tensors where a folder has both. Reads mapped files; keeps no state.
 */
@NullMarked
package dev.weft.format.lora.array;

import org.jspecify.annotations.NullMarked;
