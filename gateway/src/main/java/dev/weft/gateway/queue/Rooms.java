package dev.weft.gateway.queue;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Says how many more requests workers may be given. A worker whose state is stale counts as full,
 * but gets one request of this gateway at a time, so that workers whose states don't arrive go on
 * serving. A worker that comes back after failures gets its share of the room, and room for one
 * request at least.
 *
 * @param backlog requests beyond its rows that a worker may have, as a multiple of its rows
 * @param unknown requests that a worker may have whose rows nobody knows
 */
public record Rooms(double backlog, int unknown) {
    /** The workers that are not full; the same list if none is. */
    public List<WorkerSnapshot> withRoom(List<WorkerSnapshot> workers) {
        int full = 0;
        for (int i = 0; i < workers.size(); i++) {
            if (of(workers.get(i)) <= 0) {
                full++;
            }
        }
        if (full == 0) {
            return workers;
        }
        List<WorkerSnapshot> some = new ArrayList<>(workers.size() - full);
        for (WorkerSnapshot worker : workers) {
            if (of(worker) > 0) {
                some.add(worker);
            }
        }
        return some;
    }

    /**
     * The room that the ready workers of a base have.
     *
     * @param workers all that there are
     */
    FreeRoom of(String base, List<WorkerSnapshot> workers) {
        return new FreeRoom(base, workers, this::of);
    }

    /** The room of a worker, not above 0 if it is full. */
    private int of(WorkerSnapshot worker) {
        if (worker.share() <= 0) {
            return 0;
        }
        if (worker.isStale()) {
            return worker.inFlight() == 0 ? 1 : 0;
        }
        OptionalInt rows = worker.rows();
        int most = rows.isEmpty() ? unknown : (int) Math.ceil(rows.getAsInt() * (1 + backlog));
        int share = Math.max(1, (int) Math.round(most * worker.share()));
        return Math.min(most, share) - worker.occupied();
    }
}
