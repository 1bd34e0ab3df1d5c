/**
 * The engine on TensorRT-LLM: a Triton server in this process serves the base, with any number of
 * adapters. The loaded model declares whether it takes token ids or text. The project's tests try
 * nothing here on a GPU; they run against the real libtritonserver and a backend of their own.
 */
@NullMarked
package dev.weft.inference.tensorrtllm;

import org.jspecify.annotations.NullMarked;
