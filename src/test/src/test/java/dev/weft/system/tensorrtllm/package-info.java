/** The TensorRT-LLM engine on Triton's own library, its image, and what runs without a GPU. */
@NullMarked
package dev.weft.system.tensorrtllm;

import org.jspecify.annotations.NullMarked;
