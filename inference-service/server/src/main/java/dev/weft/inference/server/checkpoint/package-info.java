/**
 * What a checkpoint folder says to the server rather than to the engine: how it wants to be sampled
 * and which tokens end its answers; and which engine runs it.
 */
@NullMarked
package dev.weft.inference.server.checkpoint;

import org.jspecify.annotations.NullMarked;
