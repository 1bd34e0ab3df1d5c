/**
 * Bytes that requests may hold in the heap, all of them together. Counters without threads of their
 * own; any thread.
 */
@NullMarked
package dev.weft.bounds.memory;

import org.jspecify.annotations.NullMarked;
