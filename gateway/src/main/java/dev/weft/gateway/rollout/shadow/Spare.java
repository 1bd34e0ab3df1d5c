package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.worker.Residence;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        ToldState told = worker.told();
        if (told == null || told.state().load().rows() == 0) {
            // nobody knows how many rows there are: a copy has the worker for itself
            return worker.inFlight() == 0 && !isQueueing(told);
        }
        Residence residence = worker.residence(candidate);
        return !told.stale()
                && worker.occupied() < told.state().load().rows()
                && (residence == Residence.IN_SLOT || residence == Residence.ROOM);
    }

    private static boolean isQueueing(@Nullable ToldState told) {
        return told != null && told.state().load().waitingRequests() > 0;
    }

    /** True if a request may wait at the worker for what a copy holds. */
    static boolean isShort(WorkerSnapshot worker) {
        ToldState told = worker.told();
        if (told == null || told.state().load().rows() == 0) {
            return worker.inFlight() > 1 || isQueueing(told);
        }
        return told.stale() || isQueueing(told) || worker.occupied() > told.state().load().rows();
    }
}
