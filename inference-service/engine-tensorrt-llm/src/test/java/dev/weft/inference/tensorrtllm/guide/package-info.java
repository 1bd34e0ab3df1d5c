@NullMarked
package dev.weft.inference.tensorrtllm.guide;

import org.jspecify.annotations.NullMarked;
