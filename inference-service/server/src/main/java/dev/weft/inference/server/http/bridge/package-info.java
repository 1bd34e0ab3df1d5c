/**
 * Connects the imperative core with Reactor: a generation becomes a Flux, and the memory that a
 * request takes bounds the events that wait for a slow client. The engine's callbacks only enqueue;
 * text is made on a scheduler of its own.
 */
@NullMarked
package dev.weft.inference.server.http.bridge;

import org.jspecify.annotations.NullMarked;
