/**
 * Turns a checked request into generations, one per choice, and token events into text, with stop
 * strings, log-probabilities and usage. The code is imperative: the engine's thread only hands
 * events on; an {@link dev.weft.inference.server.completion.Answer} makes text of them on the
 * consumer's. No Spring, no Reactor, no JSON.
 */
@NullMarked
package dev.weft.inference.server.completion;

import org.jspecify.annotations.NullMarked;
