/** Writes small files that processes keep. The package keeps no state and has no threads. */
@NullMarked
package dev.weft.protocol.file;

import org.jspecify.annotations.NullMarked;
