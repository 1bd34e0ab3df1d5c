/** What a worker tells gateways of itself, and its form on the wire. */
@NullMarked
package dev.weft.protocol.worker;

import org.jspecify.annotations.NullMarked;
