package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.statistics.Histogram;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Queue times by adapter, for a bounded number of adapters: the first that came to this worker.
 * Times of others, and of those that have left, count as {@link AdapterLabels#OTHER}, so that the
 * sum over all never falls. Any thread; one value for each choice of a request.
 */
final class QueueTimes {
    private static final double[] BOUNDS = {
        0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final int most;
    private final Set<String> kept;
    private final Map<String, Histogram> own = new HashMap<>();
    private final Histogram others = new Histogram(BOUNDS);
    private Histogram.Snapshot left = others.snapshot();

    /**
     * No times yet.
     *
     * @param most labels of adapters at once
     * @param kept labels besides these, which are there from the start and stay
     */
    QueueTimes(int most, Set<String> kept) {
        this.most = most;
        this.kept = Set.copyOf(kept);
        kept.forEach(label -> own.put(label, new Histogram(BOUNDS)));
    }

    synchronized void record(String label, double seconds) {
        Histogram mine = own.get(label);
        if (mine == null && own.size() - kept.size() < most) {
            mine = new Histogram(BOUNDS);
            own.put(label, mine);
        }
        (mine == null ? others : mine).record(seconds);
    }

    /**
     * All times by label; those of adapters that are not here any more go to {@link
     * AdapterLabels#OTHER}.
     */
    synchronized Map<String, Histogram.Snapshot> snapshot(Set<String> here) {
        own.entrySet()
                .removeIf(entry -> {
                    boolean gone = !here.contains(entry.getKey()) && !kept.contains(entry.getKey());
                    if (gone) {
                        left = left.plus(entry.getValue().snapshot());
                    }
                    return gone;
                });
        Map<String, Histogram.Snapshot> all = new TreeMap<>();
        own.forEach((label, histogram) -> all.put(label, histogram.snapshot()));
        all.put(AdapterLabels.OTHER, left.plus(others.snapshot()));
        return all;
    }
}
