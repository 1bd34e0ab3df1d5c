package dev.weft.gateway.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets workers have requests whatever failed there, if more than half of the ready workers of a
 * base would be kept from them: the workers are not to blame then, or nobody would be left. Workers
 * of other bases can't take their place, so they don't count.
 */
final class Forgiveness {
    private Forgiveness() {}

    /** The workers, with those forgiven that are. */
    static List<WorkerSnapshot> among(List<WorkerSnapshot> all) {
        Set<String> bases = new HashSet<>();
        for (WorkerSnapshot worker : all) {
            if (worker.share() < 1) {
                bases.addAll(worker.bases().keySet());
            }
        }
        bases.removeIf(base -> !mostFail(base, all));
        return bases.isEmpty()
                ? all
                : all.stream()
                        .map(worker -> serves(worker, bases) ? worker.forgiven() : worker)
                        .toList();
    }

    private static boolean mostFail(String base, List<WorkerSnapshot> all) {
        int ready = 0;
        int failing = 0;
        for (WorkerSnapshot worker : all) {
            if (worker.ready() && worker.bases().containsKey(base)) {
                ready++;
                failing += worker.share() < 1 ? 1 : 0;
            }
        }
        return 2 * failing > ready;
    }

    private static boolean serves(WorkerSnapshot worker, Set<String> bases) {
        return worker.bases().keySet().stream().anyMatch(bases::contains);
    }
}
