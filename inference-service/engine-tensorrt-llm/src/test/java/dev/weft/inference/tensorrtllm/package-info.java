/**
 * Tests against the real libtritonserver and a backend of our own, which are also other modules' to
 * use.
 */
@NullMarked
package dev.weft.inference.tensorrtllm;

import org.jspecify.annotations.NullMarked;
