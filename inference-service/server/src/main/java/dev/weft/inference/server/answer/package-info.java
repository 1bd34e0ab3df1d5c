/**
 * Turns the events of a request's choices into text, with stop strings, log-probabilities and
 * usage, and splits replies into thoughts, calls and plain text. One thread for a request. No
 * Spring, no Reactor, no JSON.
 */
@NullMarked
package dev.weft.inference.server.answer;

import org.jspecify.annotations.NullMarked;
