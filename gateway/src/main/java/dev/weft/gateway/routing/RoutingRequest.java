package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.worker.AskedPath;
import dev.weft.gateway.worker.Forgiveness;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A request as the choice of its worker sees it.
 *
 * @param tried workers that failed it already
 * @param prefix hashes of the body's beginning
 */
public record RoutingRequest(Target target, AskedPath path, Set<URI> tried, PrefixChain prefix) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }

    /**
     * A request before it is known which workers serve its path.
     *
     * @param path of the API; empty for any
     */
    public RoutingRequest(Target target, String path, Set<URI> tried, PrefixChain prefix) {
        this(target, AskedPath.of(path), tried, prefix);
    }

    /** The request as the choice among all workers needs it. */
    public RoutingRequest among(List<WorkerSnapshot> all) {
        return new RoutingRequest(target, path.among(target.base(), all), tried, prefix);
    }

    /**
     * The workers as the request sees them: if most of those that could serve it fail, what failed
     * there is forgiven.
     *
     * @param all workers that there are; this request is one {@link #among} them
     */
    public List<WorkerSnapshot> forgiving(List<WorkerSnapshot> all) {
        return Forgiveness.among(target.base(), path, all);
    }

    /** A request that no worker was tried for and of which only the target is known. */
    public static RoutingRequest to(Target target) {
        return new RoutingRequest(target, "", Set.of(), PrefixChain.NONE);
    }
}
