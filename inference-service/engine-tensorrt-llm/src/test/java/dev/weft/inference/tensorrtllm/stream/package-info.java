@NullMarked
package dev.weft.inference.tensorrtllm.stream;

import org.jspecify.annotations.NullMarked;
