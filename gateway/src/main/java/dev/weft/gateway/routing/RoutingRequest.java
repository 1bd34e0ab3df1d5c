package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import java.net.URI;
import java.util.Set;

/**
 * A request as the choice of its worker sees it.
 *
 * @param tried workers that failed it already
 * @param prefix what it begins with
 */
public record RoutingRequest(Target target, Set<URI> tried, PrefixChain prefix) {
    public RoutingRequest {
        tried = Set.copyOf(tried);
    }
}
