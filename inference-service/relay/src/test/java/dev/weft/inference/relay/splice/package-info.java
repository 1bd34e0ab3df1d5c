/** Tests of the relay's splice. */
@NullMarked
package dev.weft.inference.relay.splice;

import org.jspecify.annotations.NullMarked;
