package dev.weft.gateway.forward.request;

import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** The event loop of a client's connection, as a scheduler that the connection keeps. */
public final class ClientLoop {
    private static final AttributeKey<Scheduler> LOOP =
            AttributeKey.valueOf(ClientLoop.class, "scheduler");

    private ClientLoop() {}

    /** The event loop of a request; Reactor's own timer threads if it has no connection. */
    public static Scheduler of(ServerHttpRequest request) {
        Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
        return connection instanceof Connection client
                ? of(client.channel())
                : Schedulers.parallel();
    }

    private static Scheduler of(Channel channel) {
        Attribute<Scheduler> kept = channel.attr(LOOP);
        Scheduler known = kept.get();
        if (known != null) {
            return known;
        }
        Scheduler made = Schedulers.fromExecutorService(channel.eventLoop());
        kept.set(made);
        return made;
    }
}
