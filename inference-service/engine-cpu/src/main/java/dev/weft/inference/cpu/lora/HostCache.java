package dev.weft.inference.cpu.lora;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Packed adapters that have left their slot, up to a number of bytes; the one that left its slot
 * longest ago goes first. Not safe for several threads; frees nothing itself.
 */
final class HostCache {
    private final long capacity;
    private final Map<AdapterDigest, LoraSlot> slots = new LinkedHashMap<>();
    private long bytes;

    HostCache(long capacity) {
        this.capacity = capacity;
    }

    int size() {
        return slots.size();
    }

    /** Never more than the capacity. */
    long bytes() {
        return bytes;
    }

    boolean holds(AdapterDigest digest) {
        return slots.containsKey(digest);
    }

    /** Bytes of each. */
    Map<AdapterDigest, Long> sizes() {
        Map<AdapterDigest, Long> sizes = new HashMap<>();
        slots.forEach((digest, slot) -> sizes.put(digest, slot.bytes()));
        return sizes;
    }

    List<AdapterDigest> digests() {
        return List.copyOf(slots.keySet());
    }

    /** Hands an adapter out, if it is here; it is the caller's then. */
    @Nullable LoraSlot take(AdapterDigest digest) {
        LoraSlot slot = slots.remove(digest);
        if (slot != null) {
            bytes -= slot.bytes();
        }
        return slot;
    }

    /** Takes an adapter in; returns those that have to go, itself where it is too large. */
    List<LoraSlot> put(LoraSlot slot) {
        List<LoraSlot> gone = new ArrayList<>();
        long size = slot.bytes();
        if (size > capacity) {
            gone.add(slot);
            return gone;
        }
        while (bytes > capacity - size) {
            LoraSlot oldest = take(slots.keySet().iterator().next());
            if (oldest != null) {
                gone.add(oldest);
            }
        }
        slots.put(slot.digest(), slot);
        bytes += size;
        return gone;
    }

    /** Gives all of them up. */
    List<LoraSlot> clear() {
        List<LoraSlot> all = List.copyOf(slots.values());
        slots.clear();
        bytes = 0;
        return all;
    }
}
