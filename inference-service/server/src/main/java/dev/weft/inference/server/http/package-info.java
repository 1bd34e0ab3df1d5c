/**
 * The worker's HTTP API: its routes and endpoints. With its subpackages it is the only feature that
 * uses Spring and Reactor; in {@code bridge} the engine's callbacks become a Flux. Requests are
 * read, rendered and tokenised on virtual threads.
 */
@NullMarked
package dev.weft.inference.server.http;

import org.jspecify.annotations.NullMarked;
