/**
 * A worker's notes to a gateway beside an answer: how many tokens it took, and which error it met.
 * From them a gateway makes counts by day, key and version, which it hands to the catalog in
 * batches. The package keeps no state. Any thread.
 */
@NullMarked
package dev.weft.protocol.usage;

import org.jspecify.annotations.NullMarked;
