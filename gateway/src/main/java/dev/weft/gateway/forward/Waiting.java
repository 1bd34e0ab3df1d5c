package dev.weft.gateway.forward;

import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.queue.Place;
import dev.weft.gateway.queue.RequestQueues;
import java.util.concurrent.Executor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** Has requests wait in the queue of their base, without a thread. */
record Waiting(RequestQueues queues, Closing closing) {
    /**
     * Completes once a worker of the base has room for the request; fails with the client's error
     * if it may not wait, or not longer. A client that leaves gives its place back. What follows
     * runs on the event loop of the client's connection, as if nothing had been waited for, and
     * within the place: until it is subscribed, the room is not given to anybody else.
     */
    Mono<Void> forRoom(String base, Request request, ServerWebExchange exchange) {
        return Mono.using(
                        () -> queues.enter(base, request.newcomer()),
                        place -> admitted(place, exchange.getRequest()),
                        Place::close,
                        false)
                .doOnSuccess(_ -> request.tally().waited(Wait.ROOM))
                .doOnError(_ -> comeAgain(base, exchange.getResponse().getHeaders()));
    }

    private Mono<Void> admitted(Place place, ServerHttpRequest request) {
        Mono<Void> admitted =
                Mono.firstWithSignal(Mono.fromFuture(place.admitted(), true), closing.signal());
        Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
        return connection instanceof Connection client
                ? admitted.publishOn(Schedulers.fromExecutor(loop(client)))
                : admitted;
    }

    private static Executor loop(Connection client) {
        return client.channel().eventLoop();
    }

    private void comeAgain(String base, HttpHeaders answer) {
        answer.set(HttpHeaders.RETRY_AFTER, "" + queues.of(base).retryAfter().toSeconds());
    }
}
