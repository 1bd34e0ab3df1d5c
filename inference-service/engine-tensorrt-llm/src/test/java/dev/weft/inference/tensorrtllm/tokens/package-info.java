@NullMarked
package dev.weft.inference.tensorrtllm.tokens;

import org.jspecify.annotations.NullMarked;
