/**
 * A request's way through the gateway as spans: one for the request, one for each attempt at a
 * worker. Only this package knows OpenTelemetry. It keeps no state beyond the request. Any thread.
 */
@NullMarked
package dev.weft.gateway.trace;

import org.jspecify.annotations.NullMarked;
