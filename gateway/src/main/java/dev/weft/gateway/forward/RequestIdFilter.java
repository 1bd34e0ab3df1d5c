package dev.weft.gateway.forward;

import dev.weft.gateway.forward.request.RequestIds;
import dev.weft.protocol.error.AnthropicErrors;
import dev.weft.protocol.path.ModelPaths;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives requests their ids before anything can refuse them, so that errors have them, too. */
final class RequestIdFilter implements WebFilter, Ordered {
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        if (!ModelPaths.ALL.contains(path) && !AnthropicErrors.areFor(path)) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            String _ = RequestIds.of(exchange);
            return chain.filter(exchange);
        });
    }
}
