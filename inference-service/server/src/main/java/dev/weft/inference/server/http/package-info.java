/**
 * The worker's HTTP API: routes, OpenAI's request fields and answer formats, server-sent events,
 * errors. The only feature with Spring and Reactor in it; {@code EngineBridge} is where the
 * engine's callbacks become a Flux. Requests are read, rendered and tokenised on virtual threads.
 */
@NullMarked
package dev.weft.inference.server.http;

import org.jspecify.annotations.NullMarked;
