/**
 * Models of TensorRT-LLM's LLM API ({@code llmapi} of its Triton backend, TensorRT-LLM 1.3 and
 * later): text in and out, an adapter named by a number, a name and a folder that the model reads.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.text;

import org.jspecify.annotations.NullMarked;
