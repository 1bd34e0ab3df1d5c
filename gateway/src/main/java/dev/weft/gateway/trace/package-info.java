/**
 * A request's way through the gateway as spans: one for the request, one for each attempt at a
 * worker. The only package that knows OpenTelemetry. No state beyond the request; any thread.
 */
@NullMarked
package dev.weft.gateway.trace;

import org.jspecify.annotations.NullMarked;
