/** Tests of starting a server. */
@NullMarked
package dev.weft.inference.relay.process;

import org.jspecify.annotations.NullMarked;
