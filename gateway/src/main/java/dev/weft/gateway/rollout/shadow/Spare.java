package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.worker.Residence;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/** Finds the workers with room that no client's request uses. */
final class Spare {
    private Spare() {}

    /**
     * The workers that have room for a copy and, if they tell their rows, hold the candidate or
     * have a free slot for it.
     */
    static List<WorkerSnapshot> of(List<WorkerSnapshot> workers, AdapterDigest candidate) {
        return workers.stream()
                .filter(worker -> worker.share() >= 1 && hasRoom(worker, candidate))
                .toList();
    }

    private static boolean hasRoom(WorkerSnapshot worker, AdapterDigest candidate) {
        if (worker.isStale() || worker.occupied() >= rows(worker)) {
            return false;
        }
        Residence residence = worker.residence(candidate);
        return worker.rows().isEmpty()
                || residence == Residence.IN_SLOT
                || residence == Residence.ROOM;
    }

    /** The worker's rows; 1 if nobody knows them: a copy has such a worker for itself. */
    private static int rows(WorkerSnapshot worker) {
        return worker.rows().orElse(1);
    }

    /** True if a request may wait at the worker for what a copy holds. */
    static boolean isShort(WorkerSnapshot worker) {
        ToldState told = worker.told();
        boolean queueing = told != null && told.state().load().waitingRequests() > 0;
        return worker.isStale() || queueing || worker.occupied() > rows(worker);
    }
}
