/**
 * Makes text of the events of a request's choices, with stop strings, log-probabilities and usage,
 * and takes replies apart. One thread for a request. No Spring, no Reactor, no JSON.
 */
@NullMarked
package dev.weft.inference.server.answer;

import org.jspecify.annotations.NullMarked;
