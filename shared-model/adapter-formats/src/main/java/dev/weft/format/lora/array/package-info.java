/**
 * Adapters as the two arrays that TensorRT-LLM takes. They are read to pairs, and compared with
 * PEFT's tensors if a folder has both. The package reads mapped files and keeps no state.
 */
@NullMarked
package dev.weft.format.lora.array;

import org.jspecify.annotations.NullMarked;
