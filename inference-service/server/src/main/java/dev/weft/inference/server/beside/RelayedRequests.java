package dev.weft.inference.server.beside;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The worker's requests to the server beside it, in the order in which they began. Any thread. */
public final class RelayedRequests {
    private final AtomicLong begun = new AtomicLong();
    private final NavigableMap<Long, String> tenants = new ConcurrentSkipListMap<>();

    /**
     * Requests by tenant.
     *
     * @param begun requests so far, those that have ended included
     */
    public record Counts(Map<String, Integer> running, Map<String, Integer> waiting, long begun) {
        public Counts {
            running = Map.copyOf(running);
            waiting = Map.copyOf(waiting);
        }

        /** Requests that run. */
        public int allRunning() {
            return sum(running);
        }

        /** Requests that wait. */
        public int allWaiting() {
            return sum(waiting);
        }

        private static int sum(Map<String, Integer> counts) {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Begins a request and returns its number. */
    public long begin(String tenant) {
        long request = begun.incrementAndGet();
        tenants.put(request, tenant);
        return request;
    }

    /** The request has ended. */
    public void end(long request) {
        tenants.remove(request);
    }

    /** The number of requests that have not ended. */
    public int size() {
        return tenants.size();
    }

    /**
     * The requests of each tenant that run and that wait. Servers take requests in order, so the
     * last ones are those that wait. Servers count each choice, so a request for many choices makes
     * more requests count as waiting.
     *
     * @param waiting requests that wait at the server, those of other clients included
     */
    public Counts counts(int waiting) {
        Map<String, Integer> last = new TreeMap<>();
        Map<String, Integer> running = new TreeMap<>();
        int left = waiting;
        for (String tenant : tenants.descendingMap().values()) {
            (left > 0 ? last : running).merge(tenant, 1, Integer::sum);
            left--;
        }
        return new Counts(running, last, begun.get());
    }
}
