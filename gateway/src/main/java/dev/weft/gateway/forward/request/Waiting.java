package dev.weft.gateway.forward.request;

import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.queue.Newcomer;
import dev.weft.gateway.queue.QueuePlace;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Has requests wait in the queue of their base, without a thread. */
public record Waiting(RequestQueues queues, Closing closing) {
    /**
     * Completes once a worker of the base has room for the request; fails with the client's error
     * if it may not wait, or not longer. A client that leaves gives its place back. The next step
     * runs on the event loop of the client's connection. It is subscribed before the place is
     * closed, so the room is not given to anybody else in between.
     */
    public Mono<Void> forRoom(String base, Request request, ServerWebExchange exchange) {
        return place(() -> queues.enter(base, request.newcomer()), base, exchange, request.time())
                .doOnSuccess(_ -> request.tally().waited(Wait.ROOM));
    }

    /**
     * Completes once the condition is true, for a request that waits for something else than a
     * worker. The request holds a place in the base's queue meanwhile.
     */
    public Mono<Void> until(
            BooleanSupplier condition,
            String base,
            Newcomer who,
            ServerWebExchange exchange,
            RequestTime time) {
        return place(() -> queues.hold(base, who, condition), base, exchange, time);
    }

    private Mono<Void> place(
            Callable<QueuePlace> take, String base, ServerWebExchange exchange, RequestTime time) {
        return Mono.using(
                        take,
                        place -> admitted(place, time, exchange.getRequest()),
                        QueuePlace::close,
                        false)
                .doOnError(ApiException.class, error -> comeAgain(error, base, exchange));
    }

    private Mono<Void> admitted(QueuePlace place, RequestTime time, ServerHttpRequest request) {
        Mono<Void> admitted =
                Mono.firstWithSignal(
                        Mono.fromFuture(place.admitted(), true), closing.signal(), time.over());
        return admitted.publishOn(ClientLoop.of(request));
    }

    /**
     * Sets {@code Retry-After} from how long others waited for workers, if the request may go
     * better later. Such waits say nothing about an adapter that is not ready: then the header is
     * not set here.
     */
    private void comeAgain(ApiException error, String base, ServerWebExchange exchange) {
        if (error.code() == ErrorCode.OVERLOADED || error.code() == ErrorCode.RATE_LIMITED) {
            exchange.getResponse()
                    .getHeaders()
                    .set(HttpHeaders.RETRY_AFTER, "" + queues.of(base).retryAfter().toSeconds());
        }
    }
}
