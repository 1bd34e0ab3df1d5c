/**
 * Registrations of adapters and what became of them. Owns the rows of table {@code versions}, but
 * for who takes them in, and the number of those in each state, counted by a loop. Knows how far a
 * fetch of this process is. Blocking, safe for any thread.
 */
@NullMarked
package dev.weft.catalog.version;

import org.jspecify.annotations.NullMarked;
