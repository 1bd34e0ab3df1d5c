/**
 * Which adapters the engine holds. Adapters are leased by digest: fetched from the catalog and
 * verified on first use, kept on disk, given an engine slot, evicted least recently used when slots
 * are short, never while in use. {@code AdapterSlots} decides (one lock, no IO), {@code
 * AdapterResidency} does.
 */
@NullMarked
package dev.weft.inference.server.residency;

import org.jspecify.annotations.NullMarked;
