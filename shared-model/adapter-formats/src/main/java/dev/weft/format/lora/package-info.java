/**
 * LoRA adapters as PEFT writes them, or as TensorRT-LLM takes them. The package opens a folder,
 * checks it against a base model, and returns the adapter or all reasons against it. It reads
 * files, keeps no state, and is safe for any thread.
 */
@NullMarked
package dev.weft.format.lora;

import org.jspecify.annotations.NullMarked;
