package dev.weft.gateway.ahead;

import dev.weft.gateway.routing.name.Target;
import java.net.URI;
import java.util.Map;

/**
 * An adapter that requests of this gateway use now.
 *
 * @param requests by the worker that has them, 1 or more each
 */
public record AdapterDemand(Target.Adapter adapter, Map<URI, Integer> requests) {
    public AdapterDemand {
        requests = Map.copyOf(requests);
    }

    int all() {
        return sum(requests);
    }

    static int sum(Map<URI, Integer> requests) {
        return requests.values().stream().mapToInt(Integer::intValue).sum();
    }

    int at(URI worker) {
        return requests.getOrDefault(worker, 0);
    }
}
