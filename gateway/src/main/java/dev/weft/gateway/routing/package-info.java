/**
 * Chooses the worker of a request: filters, then scores, then a pick, over a snapshot of the
 * workers. {@code dev.weft.gateway.routing.name} finds what a name stands for. The package keeps no
 * state and never waits. Any thread.
 */
@NullMarked
package dev.weft.gateway.routing;

import org.jspecify.annotations.NullMarked;
