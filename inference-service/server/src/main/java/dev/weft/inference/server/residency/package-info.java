/**
 * Which adapters the engine holds. Adapters are leased by digest. They are fetched from the catalog
 * and verified on first use, kept on disk, and given an engine slot. The least recently used is
 * evicted when slots are short, never one in use; an adapter that the engine still holds is taken
 * back. {@code AdapterSlots} decides (one lock, no IO) and states how long a request can wait.
 * {@code AdapterResidency} does the work, on the {@code LoadThreads} if it takes a processor.
 */
@NullMarked
package dev.weft.inference.server.residency;

import org.jspecify.annotations.NullMarked;
