/**
 * Bounds of a service's HTTP connections. Runs on the event loops of whoever listens, and owns
 * nothing but what it adds to a connection's pipeline.
 */
@NullMarked
package dev.weft.bounds.http;

import org.jspecify.annotations.NullMarked;
