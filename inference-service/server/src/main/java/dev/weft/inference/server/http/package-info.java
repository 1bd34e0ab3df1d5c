/**
 * The worker's HTTP API: its routes and endpoints. With its rooms the only feature with Spring and
 * Reactor in it; {@code bridge} is where the engine's callbacks become a Flux. Requests are read,
 * rendered and tokenised on virtual threads.
 */
@NullMarked
package dev.weft.inference.server.http;

import org.jspecify.annotations.NullMarked;
