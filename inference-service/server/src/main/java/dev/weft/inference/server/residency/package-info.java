/**
 * Which adapters the engine holds. Adapters are leased by digest: fetched from the catalog and
 * verified on first use, kept on disk, given an engine slot, evicted least recently used when slots
 * are short, never while in use, and taken back where the engine still holds them. {@code
 * AdapterSlots} decides (one lock, no IO) and states how long a request can wait, {@code
 * AdapterResidency} does, on the {@code LoadThreads} what takes a processor.
 */
@NullMarked
package dev.weft.inference.server.residency;

import org.jspecify.annotations.NullMarked;
