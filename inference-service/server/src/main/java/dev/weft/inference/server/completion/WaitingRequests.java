package dev.weft.inference.server.completion;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The choices of requests that have no row yet: they wait for their adapter, or in the engine's
 * queue. Any thread; it changes a few times for a request, never for a token.
 */
public final class WaitingRequests {
    private static final double NANOS = 1e9;

    private final Map<AdapterDigest, Integer> byAdapter = new HashMap<>();

    /** The requests by id. */
    private final Map<String, Waiting> requests = new HashMap<>();

    private int outside;
    private long served;

    /**
     * A request with choices that wait.
     *
     * @param arrived moment, see {@link CompletionRequest}
     */
    private record Waiting(String tenant, long arrived, int choices) {
        @Nullable Waiting less(int count) {
            return count == choices ? null : new Waiting(tenant, arrived, choices - count);
        }
    }

    /** Choices of a request have come. */
    synchronized void arrived(CompletionRequest request, int choices) {
        outside += choices;
        requests.put(
                request.id(),
                new Waiting(request.owner().tenant(), request.timing().arrived(), choices));
        @Nullable AdapterDigest adapter = request.adapter();
        if (adapter != null) {
            byAdapter.merge(adapter, choices, Integer::sum);
        }
    }

    /** The engine has the choices now, or they have left before. */
    synchronized void leftOutside(int choices) {
        outside -= choices;
    }

    /** The choices have a row, or have left before they got one. */
    synchronized void waitNoLonger(CompletionRequest request, int choices) {
        if (choices == 0) {
            return;
        }
        served += choices;
        requests.computeIfPresent(request.id(), (_, waiting) -> waiting.less(choices));
        @Nullable AdapterDigest adapter = request.adapter();
        if (adapter != null) {
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

    /** Choices that wait no longer, since the start. */
    public synchronized long served() {
        return served;
    }

    /** Choices without a row, by tenant. */
    public synchronized Map<String, Integer> byTenant() {
        Map<String, Integer> counts = new HashMap<>();
        requests.values()
                .forEach(
                        waiting -> counts.merge(waiting.tenant(), waiting.choices(), Integer::sum));
        return counts;
    }

    /** How many requests have choices without a row. */
    public synchronized int requests() {
        return requests.size();
    }

    /** How many tenants have choices without a row. */
    public synchronized int tenants() {
        return (int) requests.values().stream().map(Waiting::tenant).distinct().count();
    }

    /**
     * Seconds that the longest waiting request has waited; 0 if none waits.
     *
     * @param now {@link System#nanoTime()}
     */
    public synchronized double longestSeconds(long now) {
        return requests.values().stream()
                .mapToDouble(waiting -> (now - waiting.arrived()) / NANOS)
                .max()
                .orElse(0);
    }
}
