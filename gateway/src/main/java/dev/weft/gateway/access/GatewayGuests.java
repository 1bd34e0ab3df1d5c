package dev.weft.gateway.access;

import dev.weft.access.holder.Guests;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.LocalGuests;
import dev.weft.access.holder.Role;
import dev.weft.access.refusal.Refusal;
import dev.weft.protocol.adapter.AdapterId;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Says who a request without a token of the catalog counts as. With keys, it counts as nobody.
 * Without keys, anybody may send requests as the default tenant. If the gateway listens on
 * loopback, any program of this machine may do so and may also look at metrics.
 */
final class GatewayGuests implements Guests {
    private static final String API = "/v1/";
    private static final Holder LOCAL = new Holder(Holder.ANONYMOUS, Role.admin, null);
    private static final Holder CLIENT =
            new Holder(Holder.ANONYMOUS, Role.client, AdapterId.DEFAULT_TENANT);
    private static final Verdict NO_KEY =
            new Verdict.Stranger(
                    new Refusal(
                            Refusal.Kind.TOKEN_NEEDED,
                            "You didn't provide an API key: Authorization: Bearer YOUR_KEY."));

    private final boolean keys;
    private final boolean loopback;

    /**
     * @param loopback the gateway listens on this machine only
     */
    GatewayGuests(boolean keys, boolean loopback) {
        this.keys = keys;
        this.loopback = loopback;
    }

    /** True if the request is allowed without a token; then a token that it has is not checked. */
    @Override
    public boolean ignoresTokens(ServerWebExchange exchange) {
        return !keys && (loopback || isApi(exchange));
    }

    @Override
    public Mono<Verdict> judge(ServerWebExchange exchange) {
        if (!ignoresTokens(exchange)) {
            return Mono.just(NO_KEY);
        }
        return Mono.just(
                loopback ? LocalGuests.localReader(exchange, LOCAL) : new Verdict.Welcome(CLIENT));
    }

    /** A request outside the API is judged by its own rule in any case. */
    private static boolean isApi(ServerWebExchange exchange) {
        return exchange.getRequest().getPath().pathWithinApplication().value().startsWith(API);
    }
}
