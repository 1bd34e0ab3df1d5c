/**
 * Starts a server beside the worker, passes its output on, starts it again when it ends, and ends
 * it with the worker. One loop for each server, and a thread that reads its output.
 */
@NullMarked
package dev.weft.inference.relay.process;

import org.jspecify.annotations.NullMarked;
