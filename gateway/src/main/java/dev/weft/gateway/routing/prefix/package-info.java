/**
 * Remembers which worker has seen the beginning of a request. It keeps a table of fixed size and
 * never waits. Any thread.
 */
@NullMarked
package dev.weft.gateway.routing.prefix;

import org.jspecify.annotations.NullMarked;
