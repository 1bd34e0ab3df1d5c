package dev.weft.gateway.ahead;

import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.routing.RoutingRequest;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says where an adapter that is asked for more and more will be needed next: the worker that would
 * get the next request if each worker had twice as many requests for the adapter as it has. It is
 * the choice of requests itself, so what is loaded ahead is what they would have to wait for, and
 * an adapter that few ask for stays where it is.
 */
public final class AheadPlan {
    /** Fewer requests at once do not predict more. */
    public static final int LEAST = 3;

    private final WorkerChoice choice;

    public AheadPlan(WorkerChoice choice) {
        this.choice = choice;
    }

    /** Whether so many requests, by worker, are enough to look further. */
    static boolean isPopular(Map<URI, Integer> requests) {
        return AdapterDemand.sum(requests) >= LEAST;
    }

    /** The worker that should load it; empty if those that hold it will do. */
    public Optional<URI> next(AdapterDemand demand, List<WorkerSnapshot> workers) {
        if (!isPopular(demand.requests())) {
            return Optional.empty();
        }
        List<WorkerSnapshot> soon = new ArrayList<>(workers.size());
        for (WorkerSnapshot worker : workers) {
            soon.add(worker.with(demand.at(worker.address())));
        }
        RoutingRequest asked = RoutingRequest.to(demand.adapter());
        return choice.choose(asked, asked.forgiving(soon))
                .map(RoutingDecision::worker)
                .filter(worker -> lacks(worker, demand))
                .map(WorkerSnapshot::address);
    }

    private static boolean lacks(WorkerSnapshot worker, AdapterDemand demand) {
        return switch (worker.residence(demand.adapter().version().digest())) {
            case ROOM, IN_HOST, EVICTS -> worker.told() != null && !worker.told().stale();
            case IN_SLOT, UNKNOWN -> false;
        };
    }
}
