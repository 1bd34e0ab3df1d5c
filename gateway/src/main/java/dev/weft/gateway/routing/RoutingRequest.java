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
 * @param prefix what it begins with
 */
public record RoutingRequest(Target target, AskedPath path, Set<URI> tried, PrefixChain prefix) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }

    /**
     * A request of which nobody has said yet who serves it.
     *
     * @param path of the API; empty for any
     */
    public RoutingRequest(Target target, String path, Set<URI> tried, PrefixChain prefix) {
        this(target, AskedPath.of(path), tried, prefix);
    }

    /** The request as the choice among these workers needs it, which are all that there are. */
    public RoutingRequest among(List<WorkerSnapshot> all) {
        return new RoutingRequest(target, path.among(target.base(), all), tried, prefix);
    }

    /**
     * These workers as the request has them, forgiven what failed there if most of its own fail.
     *
     * @param all workers that there are, which this is {@link #among}
     */
    public List<WorkerSnapshot> forgiving(List<WorkerSnapshot> all) {
        return Forgiveness.among(target.base(), path, all);
    }

    /** A request that no worker was tried for and of which only the target is known. */
    public static RoutingRequest to(Target target) {
        return new RoutingRequest(target, "", Set.of(), PrefixChain.NONE);
    }
}
