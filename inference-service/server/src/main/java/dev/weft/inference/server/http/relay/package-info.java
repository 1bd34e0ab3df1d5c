/**
 * Relays requests to a server beside the worker and its answers back, byte by byte, except for the
 * model's name. What may block runs on virtual threads; the rest on the connections' event loops.
 */
@NullMarked
package dev.weft.inference.server.http.relay;

import org.jspecify.annotations.NullMarked;
