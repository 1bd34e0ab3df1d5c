/**
 * Adapters as a server beside the worker sees them: their names, the folders that it reads, and the
 * proof that it applies them.
 */
@NullMarked
package dev.weft.inference.relay.adapter;

import org.jspecify.annotations.NullMarked;
