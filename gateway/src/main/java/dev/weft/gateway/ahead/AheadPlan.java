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
 * Says which worker will need a popular adapter next: the worker that would get the next request if
 * each worker had twice its requests for the adapter. {@link WorkerChoice} decides that, as it does
 * for requests. So an adapter is loaded ahead only if requests would have to wait for it, and one
 * with few requests stays where it is.
 */
public final class AheadPlan {
    /** The fewest requests at once that make an adapter popular: fewer do not predict more. */
    public static final int LEAST = 3;

    private final WorkerChoice choice;

    public AheadPlan(WorkerChoice choice) {
        this.choice = choice;
    }

    /** True if an adapter with these requests, by worker, is popular. */
    static boolean isPopular(Map<URI, Integer> requests) {
        return AdapterDemand.sum(requests) >= LEAST;
    }

    /** The worker that should load the adapter; empty if those that hold it suffice. */
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
