/** Tests without Triton of what stands before it. */
@NullMarked
package dev.weft.inference.tensorrtllm.stream;

import org.jspecify.annotations.NullMarked;
