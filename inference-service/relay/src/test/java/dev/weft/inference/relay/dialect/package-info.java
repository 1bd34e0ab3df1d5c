/** Tests of what the kinds of servers say. */
@NullMarked
package dev.weft.inference.relay.dialect;

import org.jspecify.annotations.NullMarked;
