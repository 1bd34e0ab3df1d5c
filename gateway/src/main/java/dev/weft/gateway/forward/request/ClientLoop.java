package dev.weft.gateway.forward.request;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** The event loop of a client's connection, as a scheduler. */
public final class ClientLoop {
    private ClientLoop() {}

    /** That of a request; Reactor's own timer threads if it has no connection. */
    public static Scheduler of(ServerHttpRequest request) {
        Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
        return connection instanceof Connection client
                ? Schedulers.fromExecutorService(client.channel().eventLoop())
                : Schedulers.parallel();
    }
}
