/**
 * Bounds of a service's HTTP connections. The package runs on the event loops of the listener, and
 * owns only its handlers in a connection's pipeline.
 */
@NullMarked
package dev.weft.bounds.http;

import org.jspecify.annotations.NullMarked;
