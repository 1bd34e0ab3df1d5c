/** Tests of what a server says of itself. */
@NullMarked
package dev.weft.inference.relay.call;

import org.jspecify.annotations.NullMarked;
