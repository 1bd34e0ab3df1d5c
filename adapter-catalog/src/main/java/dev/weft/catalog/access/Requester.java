package dev.weft.catalog.access;

import dev.weft.access.holder.Holder;
import dev.weft.catalog.registry.Actor;
import dev.weft.protocol.adapter.AdapterId;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who asks, and the tenant whose adapters are meant.
 *
 * @param actor for the audit log
 */
public record Requester(Actor actor, String tenant) {
    static final String TENANT = "tenant";

    /** A holder who asks for the tenant of parameter {@code tenant}, else for its own. */
    static Requester of(Holder holder, ServerWebExchange exchange) {
        String asked = exchange.getRequest().getQueryParams().getFirst(TENANT);
        String tenant = asked == null ? holder.tenant() : asked;
        return new Requester(
                new Actor(holder.name()), tenant == null ? AdapterId.DEFAULT_TENANT : tenant);
    }

    /** The adapter or alias of that name of the tenant. */
    public AdapterId id(String name) {
        return new AdapterId(tenant, name);
    }
}
