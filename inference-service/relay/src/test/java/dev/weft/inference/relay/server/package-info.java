/** Tests of what a server says of itself. */
@NullMarked
package dev.weft.inference.relay.server;

import org.jspecify.annotations.NullMarked;
