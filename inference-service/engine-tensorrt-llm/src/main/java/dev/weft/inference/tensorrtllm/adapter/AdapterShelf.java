package dev.weft.inference.tensorrtllm.adapter;

import dev.weft.format.lora.LoraAdapter;
import dev.weft.inference.engine.AdapterMemory;
import dev.weft.inference.engine.AdapterStatistics;
import dev.weft.inference.engine.EngineException;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which adapters are in slots, how many generations use each, and which are held after they left
 * their slot, within bytes. What is given up is freed when no request of Triton's reads it any
 * more. Any thread; nothing is converted under the lock.
 */
public final class AdapterShelf<W extends AdapterData> implements AutoCloseable {
    private final int capacity;
    private final long cacheCapacity;
    private final Function<LoraAdapter, W> converter;
    private final TaskIds taskIds = new TaskIds();
    private final Map<AdapterDigest, HeldAdapter<W>> slots = new HashMap<>();
    private final Map<AdapterDigest, CompletableFuture<Void>> loading = new HashMap<>();

    /** The one unused for longest first. */
    private final LinkedHashMap<AdapterDigest, HeldAdapter<W>> cache = new LinkedHashMap<>();

    private long slotBytes;
    private long cacheBytes;
    private long loads;
    private long reloads;
    private long slotEvictions;
    private long cacheEvictions;
    private boolean closed;

    /**
     * An empty one.
     *
     * @param converter makes of an adapter what the model is given; throws {@code INVALID_ADAPTER}
     */
    public AdapterShelf(int capacity, long cacheCapacity, Function<LoraAdapter, W> converter) {
        this.capacity = capacity;
        this.cacheCapacity = cacheCapacity;
        this.converter = converter;
    }

    /** What each adapter takes where it is. */
    public synchronized AdapterMemory memory() {
        return new AdapterMemory(sizes(slots), sizes(cache));
    }

    private static Map<AdapterDigest, Long> sizes(
            Map<AdapterDigest, ? extends HeldAdapter<?>> adapters) {
        Map<AdapterDigest, Long> sizes = new HashMap<>();
        adapters.forEach((digest, adapter) -> sizes.put(digest, adapter.data().bytes()));
        return sizes;
    }

    public synchronized AdapterStatistics statistics() {
        return new AdapterStatistics(
                slots.size() + loading.size(),
                slotBytes,
                cache.size(),
                cacheBytes,
                loads,
                reloads,
                slotEvictions,
                cacheEvictions);
    }

    /** Converts an adapter into a free slot, on the calling thread; see {@code Engine.load}. */
    public void load(AdapterDigest digest, LoraAdapter adapter) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (!begin(digest, mine)) {
            return;
        }
        W data = null;
        try {
            data = converter.apply(adapter);
        } finally {
            boolean kept = end(digest, data);
            mine.complete(null);
            if (!kept && data != null) {
                data.close();
            }
        }
    }

    /** Takes an adapter back that is still here; see {@code Engine.reload}. */
    public synchronized boolean reload(AdapterDigest digest) {
        checkOpen();
        HeldAdapter<W> there = slots.get(digest);
        if (there != null) {
            there.unloaded = false;
            return true;
        }
        if (!cache.containsKey(digest)) {
            return false;
        }
        checkRoom();
        HeldAdapter<W> adapter = cache.remove(digest);
        if (adapter != null) {
            cacheBytes -= adapter.data().bytes();
            adapter.unloaded = false;
            install(adapter);
            reloads++;
        }
        return true;
    }

    /** Frees the slot now, or when its last generation has ended. */
    public synchronized void unload(AdapterDigest digest) {
        HeldAdapter<W> adapter = slots.get(digest);
        if (adapter != null) {
            adapter.unloaded = true;
            retireIfUnused(adapter);
        }
    }

    /** Counts a generation that uses the adapter. */
    public synchronized HeldAdapter<W> retain(AdapterDigest digest) {
        checkOpen();
        HeldAdapter<W> adapter = slots.get(digest);
        if (adapter == null || adapter.unloaded) {
            throw new EngineException(
                    EngineException.Cause.ADAPTER_NOT_LOADED,
                    "adapter " + digest + " is not loaded");
        }
        adapter.uses++;
        return adapter;
    }

    /** That generation has ended. */
    public synchronized void release(HeldAdapter<W> adapter) {
        adapter.uses--;
        retireIfUnused(adapter);
    }

    /** Triton reads the adapter's data from now on. */
    public synchronized void lend(HeldAdapter<W> adapter) {
        adapter.lent++;
    }

    /** A request of Triton's that was lent the data has gone. */
    public synchronized void takeBack(HeldAdapter<W> adapter) {
        adapter.lent--;
        freeIfGone(adapter);
    }

    /** The model has forgotten all adapters. */
    public synchronized void forgetSent() {
        slots.values().forEach(adapter -> adapter.sent(false));
        cache.values().forEach(adapter -> adapter.sent(false));
    }

    /** Gives everything up. What is lent is freed when it comes back. */
    @Override
    public synchronized void close() {
        closed = true;
        List<HeldAdapter<W>> all = new ArrayList<>(slots.values());
        all.addAll(cache.values());
        slots.clear();
        cache.clear();
        slotBytes = 0;
        cacheBytes = 0;
        all.forEach(this::giveUp);
    }

    /** True where the caller is to convert the adapter; false where it is loaded. */
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
            // Somebody converts the same one; where that fails it is our turn.
            other.join();
        }
    }

    private synchronized boolean end(AdapterDigest digest, @Nullable W data) {
        loading.remove(digest);
        if (data == null || closed) {
            return false;
        }
        install(new HeldAdapter<>(digest, taskIds.of(digest), data));
        loads++;
        return true;
    }

    private void install(HeldAdapter<W> adapter) {
        slots.put(adapter.digest(), adapter);
        slotBytes += adapter.data().bytes();
    }

    private void retireIfUnused(HeldAdapter<W> adapter) {
        if (adapter.unloaded && adapter.uses == 0 && slots.remove(adapter.digest(), adapter)) {
            slotBytes -= adapter.data().bytes();
            slotEvictions++;
            cache.put(adapter.digest(), adapter);
            cacheBytes += adapter.data().bytes();
            trim();
        }
    }

    private void trim() {
        Iterator<HeldAdapter<W>> oldest = cache.values().iterator();
        while (cacheBytes > cacheCapacity && oldest.hasNext()) {
            HeldAdapter<W> adapter = oldest.next();
            oldest.remove();
            cacheBytes -= adapter.data().bytes();
            cacheEvictions++;
            giveUp(adapter);
        }
    }

    private void giveUp(HeldAdapter<W> adapter) {
        adapter.gone = true;
        freeIfGone(adapter);
    }

    private void freeIfGone(HeldAdapter<W> adapter) {
        if (adapter.gone && adapter.lent == 0) {
            adapter.data().close();
        }
    }

    private void checkRoom() {
        if (slots.size() + loading.size() >= capacity) {
            throw new EngineException(
                    EngineException.Cause.NO_SLOT, "all " + capacity + " adapter slots are taken");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new EngineException(EngineException.Cause.CLOSED, "the engine is closed");
        }
    }
}
