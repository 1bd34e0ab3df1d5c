package dev.weft.gateway.worker;

import java.util.List;

/**
 * Forgives workers what failed there if more than half of the ready workers that could serve a
 * request would be kept from it: the workers are not to blame then, or too few would be left.
 * Workers of other bases, or whose engines don't serve the path, can't take their place, so they
 * don't count.
 */
public final class Forgiveness {
    private Forgiveness() {}

    /**
     * The workers as a request sees them, some of them forgiven; the same list if none is.
     *
     * @param path as the choice among these workers needs it ({@link AskedPath#among})
     */
    public static List<WorkerSnapshot> among(
            String base, AskedPath path, List<WorkerSnapshot> all) {
        int serving = 0;
        int failing = 0;
        for (WorkerSnapshot worker : all) {
            if (serves(worker, base, path)) {
                serving++;
                failing += worker.share() < 1 ? 1 : 0;
            }
        }
        return 2 * failing <= serving
                ? all
                : all.stream()
                        .map(worker -> serves(worker, base, path) ? worker.forgiven() : worker)
                        .toList();
    }

    private static boolean serves(WorkerSnapshot worker, String base, AskedPath path) {
        return worker.ready() && worker.bases().containsKey(base) && path.suits(worker);
    }
}
