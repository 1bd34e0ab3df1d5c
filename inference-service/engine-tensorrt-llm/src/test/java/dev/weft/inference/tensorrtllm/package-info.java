/** Tests against the real libtritonserver and the backend of package {@code backend}. */
@NullMarked
package dev.weft.inference.tensorrtllm;

import org.jspecify.annotations.NullMarked;
