@NullMarked
package dev.weft.inference.tensorrtllm.triton;

import org.jspecify.annotations.NullMarked;
