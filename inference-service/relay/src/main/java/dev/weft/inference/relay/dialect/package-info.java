/**
 * What differs between servers: how an adapter is loaded and named, what their answers mean, and
 * the options that they are started with. Nothing here waits or holds state.
 */
@NullMarked
package dev.weft.inference.relay.dialect;

import org.jspecify.annotations.NullMarked;
