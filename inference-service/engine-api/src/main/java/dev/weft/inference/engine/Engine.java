package dev.weft.inference.engine;

import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Optional;

/**
 * Runs one base model; requests with different adapters share its batches. All methods may be
 * called from any thread.
 */
public interface Engine extends AdapterHost, AutoCloseable {
    /** What the engine is; constant after start. */
    EngineDescription description();

    @Override
    default int slots() {
        return description().slots();
    }

    /** What the engine holds and does right now. The call may take a millisecond. */
    EngineStatistics statistics();

    /** Forward passes so far; while the number rises, the engine is at work. */
    long steps();

    /**
     * Requests that were started and have not ended. The call waits for no thread that steps. The
     * engine is stalled if there are such requests and {@link #steps} doesn't change.
     */
    int pending();

    /**
     * The guides that the engine can hold an answer to if it does not take every constraint; empty
     * if there are none.
     */
    default Optional<GuideRules> guides() {
        return Optional.empty();
    }

    /**
     * Metrics that the engine's runtime keeps, in Prometheus' text format and under that runtime's
     * names; empty if it has none.
     */
    default String runtimeMetrics() {
        return "";
    }

    /**
     * Folds a loaded adapter into a copy of the base's weights. A step with requests for this
     * adapter alone then costs as much as one for the base; all other requests are served as
     * before. Blocks until it is done; an earlier merge is dropped, and the adapter keeps its slot
     * until {@link #unmerge}. In near ties, tokens may differ from those without merging, since the
     * sum of both weights is rounded.
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
