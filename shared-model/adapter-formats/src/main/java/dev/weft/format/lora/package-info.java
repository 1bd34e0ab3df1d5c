/**
 * LoRA adapters as PEFT writes them, or as TensorRT-LLM takes them: reads a folder, checks it
 * against a base model, computes its digest and hands out its weights. Reads files; keeps no state;
 * safe for any thread.
 */
@NullMarked
package dev.weft.format.lora;

import org.jspecify.annotations.NullMarked;
