package dev.weft.inference.engine;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Map;

/**
 * The adapters that an engine holds, with the bytes that each takes.
 *
 * @param slots those in slots that are loaded
 * @param host those that have left their slot and would come back by {@link Engine#reload}
 */
public record AdapterMemory(Map<AdapterDigest, Long> slots, Map<AdapterDigest, Long> host) {
    public AdapterMemory {
        slots = Map.copyOf(slots);
        host = Map.copyOf(host);
    }
}
