/**
 * What a checkpoint folder tells the server rather than the engine: its sampling defaults and the
 * tokens that end its answers; and which engine runs it.
 */
@NullMarked
package dev.weft.inference.server.checkpoint;

import org.jspecify.annotations.NullMarked;
