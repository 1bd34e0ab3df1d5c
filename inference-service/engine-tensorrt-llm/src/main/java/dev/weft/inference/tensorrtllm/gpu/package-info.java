/**
 * What NVIDIA's driver says of the GPUs of this machine, through NVML; nothing if there are none.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.gpu;

import org.jspecify.annotations.NullMarked;
