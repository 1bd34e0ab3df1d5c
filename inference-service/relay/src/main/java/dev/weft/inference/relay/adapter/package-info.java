/** Adapters as a server beside the worker sees them: their names, and the folders that it reads. */
@NullMarked
package dev.weft.inference.relay.adapter;

import org.jspecify.annotations.NullMarked;
