/**
 * LoRA adapters as PEFT writes them, or as TensorRT-LLM takes them: opens a folder, has it checked
 * against a base model, and hands out the adapter or all reasons why it is none. Reads files; keeps
 * no state; safe for any thread.
 */
@NullMarked
package dev.weft.format.lora;

import org.jspecify.annotations.NullMarked;
