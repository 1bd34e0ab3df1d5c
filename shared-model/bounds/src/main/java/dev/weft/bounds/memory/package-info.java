/**
 * The bytes that all requests together may hold in the heap. The package has counters and no
 * threads. Any thread.
 */
@NullMarked
package dev.weft.bounds.memory;

import org.jspecify.annotations.NullMarked;
