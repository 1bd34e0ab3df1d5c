/** How processes keep small files of theirs. The package keeps no state and has no threads. */
@NullMarked
package dev.weft.protocol.file;

import org.jspecify.annotations.NullMarked;
