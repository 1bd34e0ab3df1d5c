package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraAdapter;
import dev.weft.format.lora.LoraPair;
import dev.weft.inference.engine.AdapterMemory;
import dev.weft.inference.engine.AdapterStatistics;
import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which adapters are in slots and how many generations use each, and which are held in host memory
 * after they left their slot. One that is unloaded while in use leaves with the last of them.
 *
 * <p>Memory: the packed adapters in slots, of which there are at most as many as slots, and at most
 * {@code hostCacheBytes} of others. What is given up is freed at once on a thread of its own, and
 * no adapter is packed before that is done. Any thread; nothing is packed or freed under the lock.
 */
public final class LoraSlots implements AutoCloseable {
    private static final class Entry {
        private final LoraSlot slot;
        private int uses;
        private boolean unloaded;

        private Entry(LoraSlot slot) {
            this.slot = slot;
        }
    }

    private final ModelConfig config;
    private final int capacity;
    private final int maxRank;
    private final Map<AdapterDigest, Entry> entries = new HashMap<>();
    private final Map<AdapterDigest, CompletableFuture<Void>> loading = new HashMap<>();
    private final HostCache cache;
    private final Disposal disposal = new Disposal();
    private long slotBytes;
    private long loads;
    private long reloads;
    private long slotEvictions;
    private long hostEvictions;
    private boolean closed;

    public LoraSlots(ModelConfig config, int capacity, int maxRank, long hostCacheBytes) {
        this.config = config;
        this.capacity = capacity;
        this.maxRank = maxRank;
        this.cache = new HostCache(hostCacheBytes);
    }

    /** Adapters that have left their slot and are held for {@link #reload}. */
    public synchronized List<AdapterDigest> cached() {
        return cache.digests();
    }

    /** What each adapter takes where it is. */
    public synchronized AdapterMemory memory() {
        Map<AdapterDigest, Long> sizes = new HashMap<>();
        entries.forEach((digest, entry) -> sizes.put(digest, entry.slot.bytes()));
        return new AdapterMemory(sizes, cache.sizes());
    }

    public synchronized AdapterStatistics statistics() {
        return new AdapterStatistics(
                inUse(),
                slotBytes,
                cache.size(),
                cache.bytes(),
                loads,
                reloads,
                slotEvictions,
                hostEvictions);
    }

    /** Packs an adapter into a free slot, on the calling thread; see {@code Engine.load}. */
    public void load(AdapterDigest digest, LoraAdapter adapter) {
        check(adapter);
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (!begin(digest, mine)) {
            return;
        }
        LoraSlot slot = null;
        try {
            disposal.finish();
            slot = new LoraSlot(digest, config, adapter.pairs());
        } finally {
            boolean kept = end(digest, slot);
            mine.complete(null);
            if (!kept && slot != null) {
                slot.free();
            }
        }
    }

    /** Takes an adapter back into a slot that is still here; see {@code Engine.reload}. */
    public synchronized boolean reload(AdapterDigest digest) {
        checkOpen();
        Entry there = entries.get(digest);
        if (there != null) {
            there.unloaded = false;
            return true;
        }
        if (!cache.holds(digest)) {
            return false;
        }
        checkRoom();
        LoraSlot slot = cache.take(digest);
        if (slot != null) {
            install(slot);
            reloads++;
        }
        return true;
    }

    /** Frees the slot now, or when its last generation has ended. */
    public synchronized void unload(AdapterDigest digest) {
        Entry entry = entries.get(digest);
        if (entry != null) {
            entry.unloaded = true;
            retireIfUnused(entry);
        }
    }

    /** Counts a generation that uses the adapter. */
    public synchronized LoraSlot retain(AdapterDigest digest) {
        Entry entry = entries.get(digest);
        if (entry == null || entry.unloaded) {
            throw new EngineException(
                    EngineException.Cause.ADAPTER_NOT_LOADED,
                    "adapter " + digest + " is not loaded");
        }
        entry.uses++;
        return entry.slot;
    }

    /** That generation has ended. */
    public synchronized void release(LoraSlot slot) {
        Entry entry = entries.get(slot.digest());
        if (entry != null) {
            entry.uses--;
            retireIfUnused(entry);
        }
    }

    /** Frees all adapters, also those whose loads are under way; no step may run any more. */
    @Override
    public void close() {
        List<LoraSlot> all = new ArrayList<>();
        synchronized (this) {
            closed = true;
            entries.values().forEach(entry -> all.add(entry.slot));
            entries.clear();
            slotBytes = 0;
            all.addAll(cache.clear());
        }
        disposal.finish();
        all.forEach(LoraSlot::free);
    }

    /** True where the caller is to pack the adapter; false where it is loaded. */
    private boolean begin(AdapterDigest digest, CompletableFuture<Void> mine) {
        while (true) {
            CompletableFuture<Void> other;
            synchronized (this) {
                if (reload(digest)) {
                    return false;
                }
                other = loading.get(digest);
                if (other == null) {
                    checkRoom();
                    loading.put(digest, mine);
                    return true;
                }
            }
            // Somebody packs the same one; where that fails it is our turn.
            other.join();
        }
    }

    /**
     * True where the slot is in its place, which it isn't where packing failed or all is closed.
     */
    private synchronized boolean end(AdapterDigest digest, @Nullable LoraSlot slot) {
        loading.remove(digest);
        if (slot == null || closed) {
            return false;
        }
        install(slot);
        loads++;
        return true;
    }

    private void install(LoraSlot slot) {
        entries.put(slot.digest(), new Entry(slot));
        slotBytes += slot.bytes();
    }

    private void retireIfUnused(Entry entry) {
        if (entry.unloaded && entry.uses == 0) {
            entries.remove(entry.slot.digest());
            slotBytes -= entry.slot.bytes();
            List<LoraSlot> gone = cache.put(entry.slot);
            slotEvictions++;
            hostEvictions += gone.size();
            disposal.dispose(gone);
        }
    }

    private int inUse() {
        return entries.size() + loading.size();
    }

    private void checkRoom() {
        if (inUse() >= capacity) {
            throw new EngineException(
                    EngineException.Cause.NO_SLOT, "all " + capacity + " adapter slots are taken");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new EngineException(EngineException.Cause.CLOSED, "the engine is closed");
        }
    }

    private void check(LoraAdapter adapter) {
        for (LoraPair pair : adapter.pairs()) {
            pair.misfit(config, maxRank)
                    .ifPresent(why -> {
                        throw new EngineException(EngineException.Cause.INVALID_ADAPTER, why);
                    });
        }
    }
}
