package dev.weft.inference.engine.shelf;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps track of the adapters in slots, of the generations that use each, and of the adapters that
 * are held in host memory after they left their slot. An adapter that is unloaded while in use
 * leaves its slot when its last generation ends. Until then it may be loaded again, and takes no
 * new generations.
 *
 * <p>Memory: at most one adapter for each slot, and at most {@code hostCacheBytes} of others. An
 * adapter that is given up is freed at once on a thread of its own, and none is packed before that
 * is done. Any thread; nothing is packed or freed under the lock.
 *
 * @param <A> what the engine keeps of an adapter
 */
public final class AdapterShelf<A extends ShelvedAdapter> implements AutoCloseable {
    private static final class Slot<A> {
        private final A adapter;
        private int uses;
        private boolean unloaded;

        private Slot(A adapter) {
            this.adapter = adapter;
        }
    }

    private final int capacity;
    private final Map<AdapterDigest, Slot<A>> slots = new HashMap<>();
    private final Map<AdapterDigest, CompletableFuture<Void>> loading = new HashMap<>();
    private final HostCache<A> cache;
    private final Disposal disposal = new Disposal();
    private long slotBytes;
    private long loads;
    private long reloads;
    private long slotEvictions;
    private long hostEvictions;
    private boolean closed;

    /** An empty shelf. */
    public AdapterShelf(ShelfSize size) {
        this.capacity = size.slots();
        this.cache = new HostCache<>(size.hostCacheBytes(), size.hostAdapters());
    }

    /** Bytes of each adapter, by where it is. */
    public synchronized AdapterSizes memory() {
        return new AdapterSizes(sizes(inSlots()), sizes(cache.adapters()));
    }

    /** See {@code Engine.statistics}. */
    public synchronized AdapterStatistics statistics() {
        return new AdapterStatistics(
                new AdapterStatistics.Tier(taken(), slotBytes, slotEvictions),
                new AdapterStatistics.Tier(cache.size(), cache.bytes(), hostEvictions),
                loads,
                reloads);
    }

    /** Adapters that have left their slot; the next one to be given up comes first. */
    public synchronized List<AdapterDigest> cached() {
        return cache.adapters().stream().map(ShelvedAdapter::digest).toList();
    }

    /**
     * Shows the visitor every adapter, in slots and in the cache. It is called under the lock and
     * must not block.
     */
    public synchronized void forEach(Consumer<A> visitor) {
        inSlots().forEach(visitor);
        cache.adapters().forEach(visitor);
    }

    /**
     * Packs an adapter into a free slot, on the calling thread; see {@code Engine.load}.
     *
     * @param packing not called if the adapter is here; its exceptions are thrown on
     */
    public void load(AdapterDigest digest, Supplier<A> packing) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (!begin(digest, mine)) {
            return;
        }
        A adapter = null;
        try {
            disposal.finish();
            adapter = packing.get();
        } finally {
            boolean kept = end(digest, adapter);
            mine.complete(null);
            if (!kept && adapter != null) {
                adapter.close();
            }
        }
    }

    /** Takes an adapter that is still here back into a slot; see {@code Engine.reload}. */
    public synchronized boolean reload(AdapterDigest digest) {
        checkOpen();
        Slot<A> there = slots.get(digest);
        if (there != null) {
            there.unloaded = false;
            return true;
        }
        if (!cache.holds(digest)) {
            return false;
        }
        checkRoom();
        A adapter = cache.take(digest);
        if (adapter != null) {
            install(adapter);
            reloads++;
        }
        return true;
    }

    /** Frees the slot now, or when its last generation has ended. */
    public synchronized void unload(AdapterDigest digest) {
        Slot<A> slot = slots.get(digest);
        if (slot != null) {
            slot.unloaded = true;
            retireIfUnused(slot);
        }
    }

    /**
     * Counts a generation that uses the adapter.
     *
     * @throws EngineException {@code ADAPTER_NOT_LOADED} if it is in no slot or was unloaded,
     *     {@code CLOSED}
     */
    public synchronized A retain(AdapterDigest digest) {
        checkOpen();
        Slot<A> slot = slots.get(digest);
        if (slot == null || slot.unloaded) {
            throw new EngineException(
                    EngineException.Cause.ADAPTER_NOT_LOADED,
                    "adapter " + digest + " is not loaded");
        }
        slot.uses++;
        return slot.adapter;
    }

    /** Counts the end of a generation that used the adapter. */
    public synchronized void release(A adapter) {
        Slot<A> slot = slots.get(adapter.digest());
        if (slot != null) {
            slot.uses--;
            retireIfUnused(slot);
        }
    }

    /** Gives up all adapters, including those whose loads are under way; no generation may run. */
    @Override
    public void close() {
        List<A> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(inSlots());
            slots.clear();
            slotBytes = 0;
            all.addAll(cache.clear());
        }
        disposal.finish();
        all.forEach(ShelvedAdapter::close);
    }

    /** True if the caller is to pack the adapter; false if it is loaded. */
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
            // Another thread packs the same adapter; if that fails, it is our turn.
            other.join();
        }
    }

    /** True if the adapter is in its slot: packing has not failed, and the shelf is not closed. */
    private synchronized boolean end(AdapterDigest digest, @Nullable A adapter) {
        loading.remove(digest);
        if (adapter == null || closed) {
            return false;
        }
        install(adapter);
        loads++;
        return true;
    }

    private void install(A adapter) {
        slots.put(adapter.digest(), new Slot<>(adapter));
        slotBytes += adapter.bytes();
    }

    private void retireIfUnused(Slot<A> slot) {
        if (slot.unloaded && slot.uses == 0) {
            slots.remove(slot.adapter.digest());
            slotBytes -= slot.adapter.bytes();
            List<A> gone = cache.put(slot.adapter);
            slotEvictions++;
            hostEvictions += gone.size();
            disposal.dispose(gone);
        }
    }

    private List<A> inSlots() {
        return slots.values().stream().map(slot -> slot.adapter).toList();
    }

    private static Map<AdapterDigest, Long> sizes(Collection<? extends ShelvedAdapter> adapters) {
        Map<AdapterDigest, Long> sizes = new HashMap<>();
        adapters.forEach(adapter -> sizes.put(adapter.digest(), adapter.bytes()));
        return sizes;
    }

    private int taken() {
        return slots.size() + loading.size();
    }

    private void checkRoom() {
        if (taken() >= capacity) {
            throw new EngineException(
                    EngineException.Cause.NO_SLOT, "all " + capacity + " adapter slots are taken");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw EngineException.closed();
        }
    }
}
