package dev.weft.gateway.forward;

import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.NettyRoutingFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;

/**
 * Sends requests to workers over connections of the event loop that serves the client's connection:
 * each loop has a pool of its own. Reactor Netty's own pool hands out any connection, so each token
 * of an answer would pass from one loop's thread to another's.
 */
final class WorkerConnections extends NettyRoutingFilter {
    /** HTTP clients with different values of this attribute use different pools. */
    private static final AttributeKey<EventLoop> LOOP =
            AttributeKey.valueOf(WorkerConnections.class, "loop");

    private final Map<EventLoop, HttpClient> clients = new ConcurrentHashMap<>();

    WorkerConnections(
            HttpClient client,
            ObjectProvider<List<HttpHeadersFilter>> headers,
            HttpClientProperties properties) {
        super(client, headers, properties);
    }

    /** There is only one route, so a loop's client is the same for all requests. */
    @Override
    protected HttpClient getHttpClient(Route route, ServerWebExchange exchange) {
        Object request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        if (!(request instanceof Connection connection)) {
            return super.getHttpClient(route, exchange);
        }
        return clients.computeIfAbsent(
                connection.channel().eventLoop(),
                loop -> super.getHttpClient(route, exchange).attr(LOOP, loop));
    }
}
