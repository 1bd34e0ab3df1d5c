/**
 * What becomes of a request: errors in OpenAI's envelope before the first byte, and a trace from
 * its head to its last byte. Reactor's threads call it; it waits for nothing.
 */
@NullMarked
package dev.weft.inference.server.http.outcome;

import org.jspecify.annotations.NullMarked;
