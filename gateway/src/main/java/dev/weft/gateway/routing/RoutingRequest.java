package dev.weft.gateway.routing;

import java.net.URI;
import java.util.Set;

/**
 * A request as far as the choice of its worker is concerned.
 *
 * @param tried workers that failed it already
 */
public record RoutingRequest(Target target, Set<URI> tried) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }
}
