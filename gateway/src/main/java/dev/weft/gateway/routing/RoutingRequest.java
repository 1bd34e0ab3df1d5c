package dev.weft.gateway.routing;

import java.net.URI;
import java.util.Set;

/**
 * A request as the choice of its worker sees it.
 *
 * @param tried workers that failed it already
 */
public record RoutingRequest(Target target, Set<URI> tried) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }
}
