@NullMarked
package dev.weft.inference.tensorrtllm.adapter;

import org.jspecify.annotations.NullMarked;
