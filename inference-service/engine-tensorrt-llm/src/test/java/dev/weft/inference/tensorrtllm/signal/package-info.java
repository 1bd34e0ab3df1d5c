@NullMarked
package dev.weft.inference.tensorrtllm.signal;

import org.jspecify.annotations.NullMarked;
