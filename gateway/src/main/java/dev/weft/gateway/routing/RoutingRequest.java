package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A request as the choice of its worker sees it.
 *
 * @param path of the API, such as {@code /v1/embeddings}; empty for any
 * @param tried workers that failed it already
 * @param prefix what it begins with
 */
public record RoutingRequest(Target target, String path, Set<URI> tried, PrefixChain prefix) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }

    /**
     * The request as the choice among these workers needs it, which are all that there are. If none
     * of its base serves its path, any of them says so to the client.
     */
    public RoutingRequest among(List<WorkerSnapshot> all) {
        boolean served =
                all.stream()
                        .anyMatch(worker ->
                                worker.bases().containsKey(target.base()) && worker.serves(path));
        return served ? this : new RoutingRequest(target, "", tried, prefix);
    }

    /** A request that no worker was asked for, and of which nothing else is known. */
    public static RoutingRequest to(Target target) {
        return new RoutingRequest(target, "", Set.of(), PrefixChain.NONE);
    }
}
