/**
 * The outcomes of requests: errors before the first byte, in the envelope of their interface, and a
 * trace from a request's head to its answer's last byte. Reactor's threads call it; it waits for
 * nothing.
 */
@NullMarked
package dev.weft.inference.server.http.outcome;

import org.jspecify.annotations.NullMarked;
