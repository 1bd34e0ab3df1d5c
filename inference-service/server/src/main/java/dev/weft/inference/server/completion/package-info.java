/**
 * Turns a checked request into generations, one per choice. The code is imperative: the engine's
 * thread only hands events on; package {@code answer} makes text of them on the consumer's. No
 * Spring, no Reactor, no JSON.
 */
@NullMarked
package dev.weft.inference.server.completion;

import org.jspecify.annotations.NullMarked;
