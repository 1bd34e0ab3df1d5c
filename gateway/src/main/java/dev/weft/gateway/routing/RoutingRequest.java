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
 * @param said a worker that is there says that it serves the path; one that has said nothing yet
 *     may not, and is not asked
 * @param tried workers that failed it already
 * @param prefix what it begins with
 */
public record RoutingRequest(
        Target target, String path, boolean said, Set<URI> tried, PrefixChain prefix) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }

    /** A request whose path no worker is yet known to serve. */
    public RoutingRequest(Target target, String path, Set<URI> tried, PrefixChain prefix) {
        this(target, path, false, tried, prefix);
    }

    /**
     * The request as the choice among these workers needs it, which are all that there are. If none
     * of its base serves its path, any of them says so to the client.
     */
    public RoutingRequest among(List<WorkerSnapshot> all) {
        boolean served = false;
        for (WorkerSnapshot worker : all) {
            if (worker.bases().containsKey(target.base())) {
                if (worker.ready() && worker.saysItServes(path)) {
                    return new RoutingRequest(target, path, true, tried, prefix);
                }
                served |= worker.serves(path);
            }
        }
        return served ? this : new RoutingRequest(target, "", tried, prefix);
    }

    /** A request that no worker was tried for and of which only the target is known. */
    public static RoutingRequest to(Target target) {
        return new RoutingRequest(target, "", Set.of(), PrefixChain.NONE);
    }
}
