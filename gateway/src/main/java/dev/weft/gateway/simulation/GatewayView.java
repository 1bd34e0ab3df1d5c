package dev.weft.gateway.simulation;

import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one gateway knows of the workers. One thread. */
final class GatewayView {
    /** The name of the base, which all workers serve. */
    static final String BASE = "base";

    private static final Map<String, String> BASES = Map.of(BASE, BASE);

    /** One worker, as this gateway sees it. */
    private static final class Seen {
        private final URI address;
        private final Map<AdapterDigest, Integer> asked = new HashMap<>();
        private final Set<AdapterDigest> askedNow = Collections.unmodifiableSet(asked.keySet());
        private int inFlight;
        private @Nullable ToldState told;

        /** The snapshot after the last change; null if it was not asked for since. */
        private @Nullable WorkerSnapshot snapshot;

        private Seen(int number) {
            this.address = URI.create("http://worker-" + number + ":8082");
        }

        private WorkerSnapshot snapshot() {
            WorkerSnapshot now = snapshot;
            if (now == null) {
                now = new WorkerSnapshot(address, true, BASES, inFlight, askedNow, told, 1);
                snapshot = now;
            }
            return now;
        }
    }

    private final List<Seen> workers = new ArrayList<>();
    private final Map<URI, Integer> numbers = new HashMap<>();
    private final Map<AdapterDigest, Integer> asked = new HashMap<>();

    GatewayView(int workers) {
        for (int number = 0; number < workers; number++) {
            Seen seen = new Seen(number);
            this.workers.add(seen);
            numbers.put(seen.address, number);
        }
    }

    int workers() {
        return workers.size();
    }

    /** Requests of this gateway that the worker has. */
    int inFlight(int worker) {
        return workers.get(worker).inFlight;
    }

    List<WorkerSnapshot> snapshots() {
        List<WorkerSnapshot> snapshots = new ArrayList<>(workers.size());
        for (Seen seen : workers) {
            snapshots.add(seen.snapshot());
        }
        return snapshots;
    }

    /** Requests of this gateway by adapter and worker, of adapters that have so many or more. */
    Map<AdapterDigest, Map<URI, Integer>> demand(int least) {
        Map<AdapterDigest, Map<URI, Integer>> all = new LinkedHashMap<>();
        for (Seen seen : workers) {
            seen.asked.forEach((adapter, count) -> {
                if (asked.getOrDefault(adapter, 0) >= least) {
                    all.computeIfAbsent(adapter, _ -> new HashMap<>()).put(seen.address, count);
                }
            });
        }
        return all;
    }

    int number(URI worker) {
        return numbers.getOrDefault(worker, -1);
    }

    void given(int worker, AdapterDigest adapter) {
        Seen seen = workers.get(worker);
        seen.snapshot = null;
        seen.inFlight++;
        seen.asked.merge(adapter, 1, Integer::sum);
        asked.merge(adapter, 1, Integer::sum);
    }

    void ended(int worker, AdapterDigest adapter) {
        Seen seen = workers.get(worker);
        seen.snapshot = null;
        seen.inFlight--;
        less(seen.asked, adapter);
        less(asked, adapter);
    }

    private static void less(Map<AdapterDigest, Integer> counts, AdapterDigest adapter) {
        counts.computeIfPresent(adapter, (_, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Takes what a worker tells.
     *
     * @param state as any gateway has it
     */
    void told(int worker, ToldState state) {
        Seen seen = workers.get(worker);
        seen.snapshot = null;
        seen.told =
                new ToldState(
                        state.state(),
                        false,
                        seen.inFlight,
                        state.requests(),
                        state.occupied(),
                        state.freeSlots());
    }
}
