@NullMarked
package dev.weft.inference.tensorrtllm.text;

import org.jspecify.annotations.NullMarked;
