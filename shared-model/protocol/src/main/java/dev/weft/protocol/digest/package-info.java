/** SHA-256, by which services compare contents. The package keeps no state and has no threads. */
@NullMarked
package dev.weft.protocol.digest;

import org.jspecify.annotations.NullMarked;
