/**
 * The worker's HTTP API: its routes and endpoints. Apart from wiring, settings and {@code access},
 * only it and its subpackages use Spring and Reactor; in {@code bridge} the engine's callbacks
 * become a Flux. Requests are read, rendered and tokenised on virtual threads.
 */
@NullMarked
package dev.weft.inference.server.http;

import org.jspecify.annotations.NullMarked;
