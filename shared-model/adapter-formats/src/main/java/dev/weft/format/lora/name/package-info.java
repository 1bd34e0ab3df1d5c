/**
 * Names of a base's modules and of an adapter's tensors, as PEFT and TensorRT-LLM write them.
 * Immutable.
 */
@NullMarked
package dev.weft.format.lora.name;

import org.jspecify.annotations.NullMarked;
