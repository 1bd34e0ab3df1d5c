/**
 * From a checked request to generations and back: one generation per choice, token events to text,
 * stop strings, log-probabilities, usage. Imperative: events come in on the engine's thread and are
 * only handed on; an {@link dev.weft.inference.server.completion.Answer} makes text of them on the
 * consumer's. No Spring, no Reactor, no JSON.
 */
@NullMarked
package dev.weft.inference.server.completion;

import org.jspecify.annotations.NullMarked;
