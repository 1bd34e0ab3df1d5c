package dev.weft.inference.server.http.outcome;

import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.error.RequestId;
import dev.weft.protocol.worker.RequestHeaders;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Names the requests of Anthropic's interface, as its clients expect. A gateway names its requests
 * itself, to the worker and to the client; others are named here.
 */
public final class RequestIdFilter implements WebFilter, Ordered {
    private static final String ID = RequestIdFilter.class.getName();

    /** The id of a request; null if it has none. */
    public static @Nullable String of(ServerWebExchange exchange) {
        return exchange.getAttribute(ID);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return AnthropicErrors.areFor(exchange.getRequest().getPath().value())
                ? Mono.defer(() -> named(exchange, chain))
                : chain.filter(exchange);
    }

    private static Mono<Void> named(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        String sent = RequestId.sent(headers.getFirst(RequestId.HEADER));
        if (headers.containsHeader(RequestHeaders.TENANT)) {
            if (sent != null) {
                exchange.getAttributes().put(ID, sent);
            }
        } else {
            String id = sent != null ? sent : UUID.randomUUID().toString();
            exchange.getAttributes().put(ID, id);
            exchange.getResponse().getHeaders().set(AnthropicErrors.REQUEST_ID, id);
        }
        return chain.filter(exchange);
    }
}
