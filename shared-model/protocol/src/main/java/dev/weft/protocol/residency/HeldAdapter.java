package dev.weft.protocol.residency;

import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that a worker holds.
 *
 * @param tier the fastest tier that holds it
 * @param lastUsed when a request last used it; null if none did since the worker started
 * @param loadSeconds duration of its last load into a slot; null if it was not loaded since then
 * @param pinned it does not leave its slot
 */
public record HeldAdapter(
        AdapterDigest digest,
        Tier tier,
        @Nullable Instant lastUsed,
        @Nullable Double loadSeconds,
        boolean pinned) {}
