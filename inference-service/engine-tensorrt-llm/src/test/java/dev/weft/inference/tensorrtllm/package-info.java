/** Tests against the real libtritonserver and a backend of our own; other modules may use both. */
@NullMarked
package dev.weft.inference.tensorrtllm;

import org.jspecify.annotations.NullMarked;
