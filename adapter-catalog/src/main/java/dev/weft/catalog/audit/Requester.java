package dev.weft.catalog.audit;

import dev.weft.access.holder.Holder;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.protocol.adapter.AdapterId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who asks, and the tenant whose adapters the request is about.
 *
 * @param actor for the audit log
 * @param seesAll it may ask for all tenants
 * @param named the request names the tenant
 */
public record Requester(Actor actor, String tenant, boolean seesAll, boolean named) {
    /** The query parameter for a tenant other than the caller's own. */
    public static final String TENANT = "tenant";

    /** The holder, who asks for the tenant of parameter {@code tenant}, else for its own. */
    public static Requester of(Holder holder, ServerWebExchange exchange) {
        String asked = exchange.getRequest().getQueryParams().getFirst(TENANT);
        String tenant = asked == null ? holder.tenant() : asked;
        return new Requester(
                new Actor(holder.name()),
                tenant == null ? AdapterId.DEFAULT_TENANT : tenant,
                holder.tenant() == null,
                asked != null);
    }

    /** True if it may ask for all tenants and has named none. */
    public boolean ofAll() {
        return seesAll && !named;
    }

    /** An address of this API, with the tenant if the request names one. */
    public String address(String path) {
        return named
                ? path
                        + (path.contains("?") ? "&" : "?")
                        + TENANT
                        + "="
                        + URLEncoder.encode(tenant, StandardCharsets.UTF_8)
                : path;
    }

    /**
     * The adapter or alias that a path names.
     *
     * @param what for the message, e.g. {@code alias}
     * @throws NotFoundException if that isn't a valid name
     */
    public AdapterId named(String path, String what) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        if (!AdapterId.isName(name)) {
            throw new NotFoundException("there is no " + what + " '" + name + "'");
        }
        return id(name);
    }

    /** The adapter or alias of that name of the tenant. */
    public AdapterId id(String name) {
        return new AdapterId(tenant, name);
    }
}
