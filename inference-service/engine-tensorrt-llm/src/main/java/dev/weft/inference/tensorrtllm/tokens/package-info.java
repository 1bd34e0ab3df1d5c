/**
 * Models of TensorRT-LLM's C++ backend: token ids in and out, LoRA weights as tensors with the
 * first request of an adapter ({@code tensorrt_llm} of {@code inflight_batcher_llm}, TensorRT-LLM
 * up to 1.2).
 */
@NullMarked
package dev.weft.inference.tensorrtllm.tokens;

import org.jspecify.annotations.NullMarked;
