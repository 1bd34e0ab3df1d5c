@NullMarked
package dev.weft.inference.tensorrtllm.gpu;

import org.jspecify.annotations.NullMarked;
