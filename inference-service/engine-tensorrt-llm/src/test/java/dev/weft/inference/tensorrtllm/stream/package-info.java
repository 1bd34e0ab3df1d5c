/** Tests, without Triton, of the code before it. */
@NullMarked
package dev.weft.inference.tensorrtllm.stream;

import org.jspecify.annotations.NullMarked;
