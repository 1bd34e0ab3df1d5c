package dev.weft.gateway.forward.attempt;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Chooses the worker of a request to {@code lb://workers}; the request waits while all workers are
 * full. It replaces Spring Cloud Gateway's {@link ReactiveLoadBalancerClientFilter}, and hands the
 * worker on in the same attributes. The rest of the chain is an attempt, beside which a second one
 * may run ({@link Hedging}). If the attempt fails before the first byte and another worker may do
 * better, the filter fails with {@link TryAnotherWorker}, and the route's retry filter asks it
 * again. Otherwise, or if the {@link RetryBudget} is spent, it fails with the client's error.
 */
public final class WorkerChoiceFilter implements GlobalFilter, Ordered {
    /** An attempt failed, and another worker can take the request. */
    public static final class TryAnotherWorker extends RuntimeException {
        TryAnotherWorker(AttemptFailed attempt) {
            super(attempt.getMessage(), attempt, false, false);
        }
    }

    public static final int ORDER =
            ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER;

    /** The header that tells why a worker was chosen; of several attempts, the last. */
    static final String EXPLAINED = "weft-routing";

    private static final Logger LOG = LoggerFactory.getLogger(WorkerChoiceFilter.class);

    private final WorkerSelection selection;
    private final WorkerAttempts attempts;
    private final Hedging hedging;
    private final PrefixMemory prefixes;
    private final AttemptMetrics metrics;
    private final Retries retries;
    private final boolean explain;

    /**
     * A filter before those workers.
     *
     * @param prefixes is told which worker has which conversation
     * @param retries decides which attempts are made again
     * @param explain whether answers tell the choice in {@link #EXPLAINED}
     */
    WorkerChoiceFilter(
            WorkerSelection selection,
            WorkerAttempts attempts,
            Hedging hedging,
            PrefixMemory prefixes,
            AttemptMetrics metrics,
            Retries retries,
            boolean explain) {
        this.selection = selection;
        this.attempts = attempts;
        this.hedging = hedging;
        this.prefixes = prefixes;
        this.metrics = metrics;
        this.retries = retries;
        this.explain = explain;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI service = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (!"lb".equals(service.getScheme())) {
            return chain.filter(exchange);
        }
        Request request = Request.of(exchange);
        Optional<RoutingDecision> chosen =
                request.isNew() ? selection.atOnce(request) : selection.any(request);
        if (chosen.isPresent() || !request.isNew() || selection.any(request).isEmpty()) {
            return attempt(request, chosen, exchange, chain);
        }
        // a request that leaves the queue is sent, even if another gateway's request has taken the
        // room meanwhile
        return selection
                .room(request, exchange)
                .then(Mono.defer(() -> attempt(request, selection.any(request), exchange, chain)));
    }

    private Mono<Void> attempt(
            Request request,
            Optional<RoutingDecision> chosen,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        return chosen.map(decision -> attempt(request, decision, exchange, chain))
                .orElseGet(() ->
                        Mono.error(
                                new ApiException(
                                        ErrorCode.NO_WORKER,
                                        "No worker is ready to serve '"
                                                + request.target().model()
                                                + "'.")));
    }

    private Mono<Void> attempt(
            Request request,
            RoutingDecision decision,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        keepPrefix(request, decision);
        boolean alone = !request.isNew() || !hedging.mayHedge(request, decision);
        Mono<Void> answer =
                alone
                        ? make(request, decision, exchange, chain, null)
                        : race(request, decision, exchange, chain);
        return answer.onErrorMap(failure -> failed(request, failure));
    }

    private Mono<Void> race(
            Request request,
            RoutingDecision decision,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        Race race = new Race();
        ServerWebExchange beside = new AttemptExchange(exchange);
        Mono<Mono<Void>> later =
                Mono.delay(hedging.after(), request.time().loop())
                        .flatMap(_ -> Mono.justOrEmpty(hedging.second(request)))
                        .map(second ->
                                make(request, second, beside, chain, race.second())
                                        .doFinally(_ -> hedged(request, second, race.second())));
        return race.run(
                make(request, decision, new AttemptExchange(exchange), chain, race.first()), later);
    }

    private void hedged(Request request, RoutingDecision second, Race.Side side) {
        metrics.hedged(side.hasWon());
        if (side.hasWon()) {
            keepPrefix(request, second);
        }
    }

    private void keepPrefix(Request request, RoutingDecision decision) {
        prefixes.keep(request.routing().prefix(), decision.worker().address());
    }

    private Mono<Void> make(
            Request request,
            RoutingDecision decision,
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Race.@Nullable Side side) {
        taken(request, decision, exchange);
        return attempts.make(decision.worker().address(), request, exchange, chain, side);
    }

    private void taken(Request request, RoutingDecision decision, ServerWebExchange exchange) {
        if (request.routing().tried().isEmpty()) {
            retries.earn();
        }
        metrics.chosen(decision);
        request.tried(decision.worker().address());
        if (explain) {
            exchange.getResponse().getHeaders().set(EXPLAINED, decision.explained());
        }
    }

    /**
     * The failure of the request after an attempt has failed: the client's error, or {@link
     * TryAnotherWorker}.
     */
    private Throwable failed(Request request, Throwable failure) {
        if (request.begun() || !(AttemptFailed.of(failure) instanceof AttemptFailed attempt)) {
            return failure;
        }
        request.trace()
                .run(() ->
                        LOG.warn(
                                "'{}' failed at {}: {}",
                                request.target().model(),
                                request.routing().tried(),
                                attempt.getMessage()));
        if (!retries.again(request, attempt.kind())) {
            return attempt.toApi();
        }
        request.tally().waited(Wait.RETRY);
        return new TryAnotherWorker(attempt);
    }
}
