package dev.weft.inference.engine;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/**
 * Holds adapters in slots so that requests may name them: an {@link Engine} in this process, or a
 * server beside it. All methods may be called from any thread.
 */
public interface AdapterHost {
    /** Adapters that can be loaded at once; constant. */
    int slots();

    /** The adapters with their bytes, by the tier of memory that they are in. */
    AdapterSizes adapterSizes();

    /**
     * Puts an adapter into a slot. Blocks until requests may name it (call it from a virtual
     * thread); the adapter's tensors are copied and may be released afterwards. Loading a digest
     * that is loaded changes nothing.
     *
     * @throws EngineException {@code NO_SLOT} if all slots are taken, {@code INVALID_ADAPTER} if
     *     the adapter does not fit, {@code CLOSED}; nothing is left behind then
     */
    void load(AdapterDigest digest, LoraAdapter adapter);

    /**
     * Puts an adapter back into a slot if the host still holds it from an earlier load, in a slot
     * or in its own cache in host memory. Returns at once, opens no file and needs no weights, so
     * any thread may call it.
     *
     * @return false if the host no longer holds the adapter, or never did; {@link #load} it then
     * @throws EngineException {@code NO_SLOT} if it is held and all slots are taken, {@code CLOSED}
     */
    boolean reload(AdapterDigest digest);

    /**
     * Frees an adapter's slot. The call returns at once; running generations that use the adapter
     * finish first, and the slot is free when the last of them has ended. The host may keep the
     * adapter in host memory for {@link #reload}, within the bytes it was given for that; it drops
     * first the adapter that left its slot longest ago. Unknown digests are ignored.
     */
    void unload(AdapterDigest digest);

    /**
     * Adapters that have left their slot and that {@link #reload} can bring back; none if the host
     * has no cache of its own.
     */
    default List<AdapterDigest> cached() {
        return List.copyOf(adapterSizes().host().keySet());
    }

    /** Whether no adapter can be used now because this host is a server that does not answer. */
    default boolean isAway() {
        return false;
    }
}
