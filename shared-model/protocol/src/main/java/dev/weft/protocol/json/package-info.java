/**
 * The parts that the codecs of this module share. The package keeps no state and has no threads.
 */
@NullMarked
package dev.weft.protocol.json;

import org.jspecify.annotations.NullMarked;
