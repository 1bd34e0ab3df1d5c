package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.worker.Residence;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/** What workers have that no client's request uses. */
final class Spare {
    private Spare() {}

    /** The workers that have room for a copy, and for the candidate without taking a slot. */
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

    /** A worker whose rows nobody knows has one for copies: a copy has it for itself. */
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
