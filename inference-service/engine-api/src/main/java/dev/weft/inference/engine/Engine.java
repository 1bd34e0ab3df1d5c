package dev.weft.inference.engine;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/**
 * Runs one base model; requests with different adapters share its batches. All methods may be
 * called from any thread.
 */
public interface Engine extends AutoCloseable {
    /** What the engine is; constant after start. */
    EngineDescription description();

    /** What the engine holds and does right now. The call may take a millisecond. */
    EngineStatistics statistics();

    /** Forward passes so far; while the number rises, the engine is at work. */
    long steps();

    /**
     * Requests that were started and have not ended, counted by whoever starts them; the call needs
     * nothing of the threads that step. The engine is stalled if there are some and {@link #steps}
     * doesn't change.
     */
    int pending();

    /** The adapters with their bytes, by the tier of memory that they are in. */
    AdapterSizes adapterSizes();

    /**
     * Metrics that the engine's runtime keeps, in Prometheus' text format and under that runtime's
     * names; empty if it has none.
     */
    default String runtimeMetrics() {
        return "";
    }

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
     * Puts an adapter back into a slot if the engine still holds it from an earlier load, in a slot
     * or in its own cache in host memory. Returns at once, opens no file and needs no weights, so
     * any thread may call it.
     *
     * @return false if the engine no longer holds it, or never did; {@link #load} it then
     * @throws EngineException {@code NO_SLOT} if it is held and all slots are taken, {@code CLOSED}
     */
    boolean reload(AdapterDigest digest);

    /**
     * Frees an adapter's slot. The call returns at once; running generations that use the adapter
     * finish first, and the slot is free when the last of them has ended. The engine may keep the
     * adapter in host memory for {@link #reload}, within the bytes it was given for that; the least
     * recently used goes first. Unknown digests are ignored.
     */
    void unload(AdapterDigest digest);

    /**
     * Adapters that have left their slot and that {@link #reload} can bring back; none if the
     * engine has no cache of its own.
     */
    default List<AdapterDigest> cached() {
        return List.copyOf(adapterSizes().host().keySet());
    }

    /**
     * Folds a loaded adapter into a copy of the base's weights. Its requests then cost what the
     * base's cost, as long as no others share their step; all others are served as before. Blocks
     * until it is done; an earlier merge is dropped, and the adapter keeps its slot until {@link
     * #unmerge}. In near ties, tokens may differ from those without merging, since the sum of both
     * weights is rounded.
     *
     * @return false if the engine does not merge, or has no memory for it
     * @throws EngineException {@code ADAPTER_NOT_LOADED}, {@code FAILED} or {@code CLOSED}; then
     *     nothing is merged
     */
    boolean merge(AdapterDigest digest);

    /** Drops the weights that {@link #merge} made; no request notices. */
    void unmerge();

    /**
     * Queues a request. The listener is called from one thread at a time, in order, and gets
     * exactly one terminal event, even if the engine is closed or fails.
     *
     * @throws EngineException {@code INVALID_REQUEST}, {@code CONTEXT_LENGTH_EXCEEDED}, {@code
     *     ADAPTER_NOT_LOADED}, {@code OVERLOADED}, {@code OVER_SHARE} or {@code CLOSED}; then the
     *     listener is not called
     */
    Generation start(GenerationRequest request, GenerationListener listener);

    /** Ends every generation with an error, then frees everything. Idempotent. */
    @Override
    void close();
}
