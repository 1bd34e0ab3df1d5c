package dev.weft.gateway.forward;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.trace.AttemptTrace;
import dev.weft.gateway.worker.Lease;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Chooses a worker for a request and lets Spring Cloud Gateway forward it. If the worker fails
 * before the first byte of its answer, another one is tried, up to twice, or once if workers are
 * lost with it. If a worker says that no other one will do better, none is tried.
 */
final class ForwardAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardAttempts.class);

    private final WorkerChoice choice;
    private final WorkerPool workers;
    private final AttemptMetrics metrics;

    ForwardAttempts(WorkerChoice choice, WorkerPool workers, AttemptMetrics metrics) {
        this.choice = choice;
        this.workers = workers;
        this.metrics = metrics;
    }

    /** Completes when the client has the answer; fails if nothing was sent to it. */
    Mono<Void> make(Request request, ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<RoutingDecision> decision = choose(request);
        if (decision.isEmpty()) {
            return Mono.error(
                    new ApiException(
                            ErrorCode.NO_WORKER,
                            "No worker is ready to serve '" + request.target().model() + "'."));
        }
        URI address = decision.get().worker().address();
        metrics.chosen(decision.get().reason());
        request.tried(address);
        AttemptTrace trace = request.trace().attempt(address);
        return Mono.using(
                        () -> workers.lease(address),
                        lease ->
                                untilGivenUp(
                                                request,
                                                lease,
                                                chain.filter(
                                                        routed(
                                                                toWorker(
                                                                        request, exchange, lease,
                                                                        trace),
                                                                address)))
                                        .doOnError(e -> tellPool(lease, e))
                                        .doOnSuccess(_ -> trace.answered(status(exchange)))
                                        .doOnError(e -> trace.failed(errorType(e)))
                                        .doOnCancel(() -> left(request, trace, exchange)),
                        Lease::close)
                .onErrorResume(failure -> again(request, exchange, chain, failure));
    }

    private ServerWebExchange toWorker(
            Request request, ServerWebExchange exchange, Lease lease, AttemptTrace trace) {
        return exchange.mutate()
                .request(
                        new WorkerRequest(
                                exchange.getRequest(),
                                request.body(),
                                exchange.getResponse().bufferFactory(),
                                request.tenant(),
                                request.target(),
                                request.tally().counts(),
                                workers.token(),
                                trace))
                .response(
                        new WorkerResponse(
                                exchange.getResponse(), request, lease, () -> otherWorker(request)))
                .build();
    }

    private Mono<Void> again(
            Request request,
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Throwable failure) {
        if (request.begun()) {
            return Mono.error(failure);
        }
        ServerWebExchangeUtils.reset(exchange);
        if (!(AttemptFailed.of(failure) instanceof AttemptFailed attempt)) {
            return Mono.error(failure);
        }
        request.trace()
                .run(() ->
                        LOG.warn(
                                "'{}' failed at {}: {}",
                                request.target().model(),
                                request.routing().tried(),
                                attempt.getMessage()));
        if (attempt.lostTheWorker()) {
            request.lostWorker();
        }
        if (attempt.replaceable() && otherWorker(request)) {
            metrics.retried(attempt.kind());
            request.tally().waited(Wait.RETRY);
            return make(request, exchange, chain);
        }
        return Mono.error(attempt.toApi());
    }

    /** Some clients leave as soon as they have their answer. */
    private static void left(Request request, AttemptTrace trace, ServerWebExchange exchange) {
        if (request.tally().isWhole()) {
            trace.answered(status(exchange));
        } else {
            trace.cancelled();
        }
    }

    private static int status(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return status == null ? 200 : status.value();
    }

    private static String errorType(Throwable failure) {
        return switch (AttemptFailed.of(failure)) {
            case AttemptFailed attempt -> attempt.kind().name().toLowerCase(Locale.ROOT);
            case ApiException error -> error.code().code();
            case Throwable other -> other.getClass().getSimpleName();
        };
    }

    /** A refused connection says more about the worker than about the request. */
    private static void tellPool(Lease lease, Throwable failure) {
        if (AttemptFailed.of(failure) instanceof AttemptFailed attempt
                && attempt.kind() == AttemptFailed.Kind.REFUSED) {
            lease.refused();
        }
    }

    private boolean otherWorker(Request request) {
        return request.mayTryAgain() && choose(request).isPresent();
    }

    private Optional<RoutingDecision> choose(Request request) {
        return choice.choose(request.routing(), workers.snapshot());
    }

    /**
     * Once the answer has begun, its own stream sees that the worker was given up, and ends
     * correctly.
     */
    private static Mono<Void> untilGivenUp(Request request, Lease lease, Mono<Void> answer) {
        return Mono.firstWithSignal(
                answer,
                request.end(lease)
                        .onErrorResume(e -> request.begun() ? Mono.never() : Mono.error(e)));
    }

    /** The chain takes the worker's address from the route. */
    private static ServerWebExchange routed(ServerWebExchange exchange, URI worker) {
        Route route = exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR);
        Route there =
                Route.async()
                        .id(route.getId())
                        .asyncPredicate(route.getPredicate())
                        .metadata(route.getMetadata())
                        .uri(worker)
                        .build();
        exchange.getAttributes().put(GATEWAY_ROUTE_ATTR, there);
        return exchange;
    }
}
