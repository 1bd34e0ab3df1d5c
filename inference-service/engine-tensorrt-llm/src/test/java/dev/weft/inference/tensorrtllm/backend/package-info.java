/**
 * A backend of our own for the real libtritonserver, with models, bases and adapters that tests run
 * on it; other modules may use them.
 */
@NullMarked
package dev.weft.inference.tensorrtllm.backend;

import org.jspecify.annotations.NullMarked;
