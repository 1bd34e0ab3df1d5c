/** Tests of adapters at a server that answers as its dialect does. */
@NullMarked
package dev.weft.inference.relay.host;

import org.jspecify.annotations.NullMarked;
