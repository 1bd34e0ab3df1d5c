/** Paths of the API that clients ask, gateways and workers alike. It keeps no state. */
@NullMarked
package dev.weft.protocol.path;

import org.jspecify.annotations.NullMarked;
