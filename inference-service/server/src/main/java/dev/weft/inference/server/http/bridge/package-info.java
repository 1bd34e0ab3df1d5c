/**
 * Connects the imperative core with Reactor: a generation becomes a Flux, and what waits for a slow
 * client is bounded by memory that the request takes. The engine's callbacks only enqueue; text is
 * made on a scheduler of its own.
 */
@NullMarked
package dev.weft.inference.server.http.bridge;

import org.jspecify.annotations.NullMarked;
