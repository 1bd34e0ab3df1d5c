package dev.weft.protocol.residency;

import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that a worker holds.
 *
 * @param tier the fastest that it is in
 * @param lastUsed when a request last had it; null where none did since the worker started
 * @param loadSeconds what its last load into a slot took; null where it was not loaded since then
 * @param pinned it does not leave its slot
 */
public record HeldAdapter(
        AdapterDigest digest,
        Tier tier,
        @Nullable Instant lastUsed,
        @Nullable Double loadSeconds,
        boolean pinned) {}
