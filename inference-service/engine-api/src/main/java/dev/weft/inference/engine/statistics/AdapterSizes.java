package dev.weft.inference.engine.statistics;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Map;

/**
 * The adapters that an engine holds, with the bytes that each takes.
 *
 * @param slots those in slots that are loaded
 * @param host those that have left their slot and that {@code Engine.reload} can bring back
 */
public record AdapterSizes(Map<AdapterDigest, Long> slots, Map<AdapterDigest, Long> host) {
    public AdapterSizes {
        slots = Map.copyOf(slots);
        host = Map.copyOf(host);
    }
}
