package dev.weft.inference.cpu.lora;

import dev.weft.inference.engine.EngineException;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraAdapter;
import dev.weft.model.lora.LoraPair;
import java.util.HashMap;
import java.util.Map;

/**
 * Which adapters are loaded, and how many generations use each. A slot that is unloaded while in
 * use is freed by the last of them. Any thread.
 */
public final class LoraSlots {
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
    private int reserved;

    public LoraSlots(ModelConfig config, int capacity, int maxRank) {
        this.config = config;
        this.capacity = capacity;
        this.maxRank = maxRank;
    }

    /** Slots taken, those being loaded or still in use after their unload included. */
    public synchronized int inUse() {
        return entries.size() + reserved;
    }

    /** Packs an adapter into a free slot, on the calling thread; see {@code Engine.load}. */
    public void load(AdapterDigest digest, LoraAdapter adapter) {
        check(adapter);
        synchronized (this) {
            Entry there = entries.get(digest);
            if (there != null) {
                there.unloaded = false;
                return;
            }
            if (inUse() >= capacity) {
                throw new EngineException(
                        EngineException.Cause.NO_SLOT,
                        "all " + capacity + " adapter slots are taken");
            }
            reserved++;
        }
        LoraSlot slot = null;
        try {
            slot = new LoraSlot(digest, config, adapter.pairs());
        } finally {
            install(slot);
        }
    }

    /** Frees the slot now, or when its last generation has ended. */
    public synchronized void unload(AdapterDigest digest) {
        Entry entry = entries.get(digest);
        if (entry != null) {
            entry.unloaded = true;
            freeIfUnused(entry);
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
            freeIfUnused(entry);
        }
    }

    private synchronized void install(@org.jspecify.annotations.Nullable LoraSlot slot) {
        reserved--;
        if (slot == null) {
            return;
        }
        if (entries.containsKey(slot.digest())) {
            slot.free();
        } else {
            entries.put(slot.digest(), new Entry(slot));
        }
    }

    private void freeIfUnused(Entry entry) {
        if (entry.unloaded && entry.uses == 0) {
            entries.remove(entry.slot.digest());
            entry.slot.free();
        }
    }

    private void check(LoraAdapter adapter) {
        for (LoraPair pair : adapter.pairs()) {
            long in = config.inputSize(pair.module());
            long out = config.outputSize(pair.module());
            boolean fits =
                    pair.layer() >= 0
                            && pair.layer() < config.layers()
                            && pair.rank() <= maxRank
                            && pair.a().shape().get(1) == in
                            && pair.b().shape().getFirst() == out
                            && pair.b().shape().get(1) == pair.rank();
            if (!fits) {
                throw new EngineException(
                        EngineException.Cause.INVALID_ADAPTER,
                        "adapter tensor "
                                + pair.a().name()
                                + " "
                                + pair.a().shapeText()
                                + " does not fit layer "
                                + pair.layer()
                                + " "
                                + pair.module().shortName()
                                + " of the base, or its rank is over "
                                + maxRank);
            }
        }
    }
}
