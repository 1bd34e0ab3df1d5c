package dev.weft.gateway.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds workers whose streams take much longer to begin than those of the others of the same bases:
 * a GPU that throttles, a disk that is full, a neighbour that takes the processor. Their probes are
 * good, and no request fails.
 */
final class SlowWorkers {
    /**
     * A worker is slow if its streams take more than this many times as long to begin as those of
     * others.
     */
    private static final int FACTOR = 4;

    /** A smaller difference does not count. */
    private static final long LEAST = Duration.ofSeconds(1).toNanos();

    private record Measured(PooledWorker worker, long firstToken) {}

    private SlowWorkers() {}

    /** Keeps slow workers from requests for a while. */
    static void eject(Collection<PooledWorker> workers) {
        Map<Map<String, String>, List<Measured>> byBases =
                workers.stream()
                        .flatMap(worker -> measured(worker).stream())
                        .collect(Collectors.groupingBy(each -> each.worker.served()));
        byBases.values().forEach(SlowWorkers::ejectAmong);
    }

    private static List<Measured> measured(PooledWorker worker) {
        List<Measured> all = new ArrayList<>(1);
        if (worker.isProbedReady()) {
            worker.health().firstToken().ifPresent(time -> all.add(new Measured(worker, time)));
        }
        return all;
    }

    private static void ejectAmong(List<Measured> all) {
        for (Measured each : all) {
            long[] others =
                    all.stream()
                            .filter(other -> !other.worker.address().equals(each.worker.address()))
                            .mapToLong(Measured::firstToken)
                            .sorted()
                            .toArray();
            if (others.length == 0) {
                continue;
            }
            long usual = others[others.length / 2];
            if (each.firstToken > FACTOR * usual && each.firstToken - usual > LEAST) {
                each.worker
                        .health()
                        .slow(
                                ("its streams begin after %.1f s for each 4 KB of a request, those"
                                                + " of others after %.1f s")
                                        .formatted(each.firstToken / 1e9, usual / 1e9));
            }
        }
    }
}
