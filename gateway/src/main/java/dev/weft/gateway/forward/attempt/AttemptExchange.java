package dev.weft.gateway.forward.attempt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;

/**
 * The exchange of an attempt that runs beside another one. The routing filters write its worker's
 * connection and answer to attributes of its own.
 */
final class AttemptExchange extends ServerWebExchangeDecorator {
    private final Map<String, Object> attributes;
    private final ServerHttpResponse response;

    /** An exchange with a copy of the attributes that the other one has now. */
    AttemptExchange(ServerWebExchange exchange) {
        super(exchange);
        this.attributes = new ConcurrentHashMap<>(exchange.getAttributes());
        this.response = new HeldResponse(exchange.getResponse());
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public ServerHttpResponse getResponse() {
        return response;
    }
}
