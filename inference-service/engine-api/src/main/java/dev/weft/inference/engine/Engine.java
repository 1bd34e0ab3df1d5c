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

    /** What it holds and does right now. It may take a millisecond. */
    EngineStatistics statistics();

    /** Forward passes so far: while it rises the engine is at work. */
    long steps();

    /**
     * Requests that were started and have not ended, as whoever starts them counts; it needs
     * nothing of the threads that step. While there are some and {@link #steps} stays as it is the
     * engine is stalled.
     */
    int pending();

    /** Adapters by the tier of memory they are in, with their bytes. */
    AdapterSizes adapterSizes();

    /**
     * Metrics that the engine's own runtime keeps, in Prometheus' text format and under that
     * runtime's names; empty where it has none.
     */
    default String runtimeMetrics() {
        return "";
    }

    /**
     * Puts an adapter into a slot. Blocks until requests may name it (call it from a virtual
     * thread); the adapter's tensors are copied and may be released afterwards. Loading a digest
     * that is loaded changes nothing.
     *
     * @throws EngineException {@code NO_SLOT} where all slots are taken, {@code INVALID_ADAPTER}
     *     where the adapter does not fit, {@code CLOSED}; nothing is left behind then
     */
    void load(AdapterDigest digest, LoraAdapter adapter);

    /**
     * Puts an adapter back into a slot that the engine still holds from an earlier load: in a slot,
     * or in a cache of its own in host memory. Returns at once, opens no file and needs no weights,
     * so any thread may call it.
     *
     * @return false where the engine no longer holds it, or never did; {@link #load} it then
     * @throws EngineException {@code NO_SLOT} where it is held and all slots are taken, {@code
     *     CLOSED}
     */
    boolean reload(AdapterDigest digest);

    /**
     * Frees an adapter's slot. Running generations that use it finish first: the call returns at
     * once and the slot is free when the last of them has ended. The engine may keep the adapter in
     * host memory for {@link #reload}, within the bytes it was given for that; the longest unused
     * goes first. Unknown digests are ignored.
     */
    void unload(AdapterDigest digest);

    /**
     * Adapters that have left their slot and would come back by {@link #reload}; none where an
     * engine has no cache of its own.
     */
    default List<AdapterDigest> cached() {
        return List.copyOf(adapterSizes().host().keySet());
    }

    /**
     * Folds a loaded adapter into a copy of the base's weights, so that its requests cost what the
     * base's cost as long as they are alone. Requests of others, and those that share a step with
     * them, are served as before. Blocks until it is done; what was merged before is dropped, and
     * the adapter keeps its slot until {@link #unmerge}. Tokens may differ in near ties from those
     * without merging, since the sum of both weights is rounded.
     *
     * @return false where the engine does not merge, or has no memory for it
     * @throws EngineException {@code ADAPTER_NOT_LOADED}, {@code FAILED} or {@code CLOSED}; then
     *     nothing is merged
     */
    boolean merge(AdapterDigest digest);

    /** Drops what {@link #merge} made; no request notices. */
    void unmerge();

    /**
     * Queues a request. The listener is called from one thread at a time, in order, and gets
     * exactly one terminal event, also where the engine is closed or fails.
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
