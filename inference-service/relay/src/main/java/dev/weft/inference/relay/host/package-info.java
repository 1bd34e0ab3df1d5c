/**
 * Keeps adapters at a server beside the worker: which are in slots, which are still registered, and
 * what became of them if the server has started anew. It owns the shared folder and one loop.
 */
@NullMarked
package dev.weft.inference.relay.host;

import org.jspecify.annotations.NullMarked;
