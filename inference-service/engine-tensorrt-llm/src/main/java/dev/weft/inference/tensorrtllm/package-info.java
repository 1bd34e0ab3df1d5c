/**
 * The engine on TensorRT-LLM: a Triton server in this process serves the base, with any number of
 * adapters. What the loaded model declares decides how it is spoken to: token ids, or text. Nothing
 * here is tried on a GPU by the project's tests; they run against the real libtritonserver and a
 * backend of their own.
 */
@NullMarked
package dev.weft.inference.tensorrtllm;

import org.jspecify.annotations.NullMarked;
