/**
 * Triton's server in this process, through its C API: {@code org.bytedeco:tritonserver} for all
 * calls but the few that run for every token, which go through {@code java.lang.foreign}. Knows
 * nothing of language models.
 *
 * <p>Triton calls back on threads of its own, several at once; {@link ResponseReceiver} says what
 * may be done there.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.triton;

import org.jspecify.annotations.NullMarked;
