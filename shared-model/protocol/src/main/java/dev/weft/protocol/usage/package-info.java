/**
 * A worker's notes to a gateway beside an answer: how many tokens it took, and which error it met.
 * What a gateway makes of them for the catalog: counts by day, key and version, in batches. The
 * package keeps no state. Any thread.
 */
@NullMarked
package dev.weft.protocol.usage;

import org.jspecify.annotations.NullMarked;
