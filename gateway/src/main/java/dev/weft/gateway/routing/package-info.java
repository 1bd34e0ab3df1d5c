/**
 * Decides which adapter a name stands for and which worker should serve it: filters, then scores,
 * then a pick, over a snapshot. The package keeps no state and never waits. Any thread.
 */
@NullMarked
package dev.weft.gateway.routing;

import org.jspecify.annotations.NullMarked;
