/**
 * Which adapter a name stands for, and which worker should serve it: filters, then scores, then a
 * pick, over a snapshot. No state, no waiting; any thread.
 */
@NullMarked
package dev.weft.gateway.routing;

import org.jspecify.annotations.NullMarked;
