package dev.weft.access.holder;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The two ends of the connection on which a request came, whatever its headers say of others. A
 * server may be told to take {@code X-Forwarded-For} and its like for the request's addresses;
 * whoever can connect can send these.
 */
public final class ConnectionEnds {
    private ConnectionEnds() {}

    /** Our end; null if it is not known. */
    public static @Nullable InetSocketAddress here(ServerHttpRequest request) {
        return known(of(request).connectionHostAddress());
    }

    /** The sender's end; null if it is not known. */
    public static @Nullable InetSocketAddress there(ServerHttpRequest request) {
        return known(of(request).connectionRemoteAddress());
    }

    private static HttpServerRequest of(ServerHttpRequest request) {
        return ServerHttpRequestDecorator.getNativeRequest(request);
    }

    private static @Nullable InetSocketAddress known(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet : null;
    }
}
