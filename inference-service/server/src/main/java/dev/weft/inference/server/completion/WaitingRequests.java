package dev.weft.inference.server.completion;

import dev.weft.model.adapter.AdapterDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The choices of requests that have no row yet: they wait for their adapter, or in the engine's
 * queue. Any thread; a request changes it a few times, a token never.
 */
public final class WaitingRequests {
    private final Map<AdapterDigest, Integer> byAdapter = new HashMap<>();
    private int outside;

    /** Choices of a request have come. */
    synchronized void arrived(@Nullable AdapterDigest adapter, int choices) {
        outside += choices;
        if (adapter != null) {
            byAdapter.merge(adapter, choices, Integer::sum);
        }
    }

    /** The engine has them now, or they have left before. */
    synchronized void leftOutside(int choices) {
        outside -= choices;
    }

    /** They have a row, or have left before they got one. */
    synchronized void waitNoLonger(@Nullable AdapterDigest adapter, int choices) {
        if (adapter != null && choices > 0) {
            byAdapter.computeIfPresent(
                    adapter, (_, count) -> count == choices ? null : count - choices);
        }
    }

    /** Choices that the engine does not have yet: they wait for their adapter. */
    public synchronized int outsideTheEngine() {
        return outside;
    }

    /** Adapters that choices without a row ask for. */
    public synchronized Set<AdapterDigest> adapters() {
        return Set.copyOf(byAdapter.keySet());
    }
}
