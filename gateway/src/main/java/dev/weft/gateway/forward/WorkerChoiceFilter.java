package dev.weft.gateway.forward;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.routing.PrefixMemory;
import dev.weft.gateway.routing.RoutingDecision;
import dev.weft.gateway.trace.AttemptTrace;
import dev.weft.gateway.worker.Lease;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.ShouldRetry;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.support.DelegatingServiceInstance;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Chooses the worker of a request to {@code lb://workers}, which waits while all are full. It
 * stands in the place of Spring Cloud Gateway's {@link ReactiveLoadBalancerClientFilter}, and hands
 * the worker on in the same attributes. The rest of the chain is one attempt, which holds a place
 * at the worker until the client has the answer. If the attempt fails before the first byte and
 * another worker may do better, the filter fails with {@link TryAnotherWorker}, for which the
 * route's retry filter asks it again; else, or if the {@link RetryBudget} is spent, it fails with
 * the client's error.
 */
final class WorkerChoiceFilter implements GlobalFilter, Ordered {
    /** An attempt failed, and another worker can take the request. */
    static final class TryAnotherWorker extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TryAnotherWorker(AttemptFailed attempt) {
            super(attempt.getMessage(), attempt, false, false);
        }
    }

    static final int ORDER = ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER;

    /** The header that tells why a worker was chosen; of several attempts, the last. */
    static final String EXPLAINED = "weft-routing";

    private static final Logger LOG = LoggerFactory.getLogger(WorkerChoiceFilter.class);

    private final WorkerSelection selection;
    private final @Nullable String token;
    private final PrefixMemory prefixes;
    private final AttemptMetrics metrics;
    private final RetryBudget retries;
    private final boolean explain;

    /**
     * A filter before those workers.
     *
     * @param token of this gateway, for workers that ask for one; null for none
     * @param prefixes is told which worker has which conversation
     * @param retries bounds the attempts that are made again, of all requests together
     * @param explain whether answers tell the choice in {@link #EXPLAINED}
     */
    WorkerChoiceFilter(
            WorkerSelection selection,
            @Nullable String token,
            PrefixMemory prefixes,
            AttemptMetrics metrics,
            RetryBudget retries,
            boolean explain) {
        this.selection = selection;
        this.token = token;
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
        // who was let go goes, also if another gateway's request has taken the room meanwhile
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
        URI worker = decision.worker().address();
        URI service = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        taken(request, decision, exchange);
        handOver(worker, service.getHost(), exchange);
        AttemptTrace trace = request.trace().attempt(worker);
        return Mono.using(
                        () -> place(worker, request, trace),
                        lease ->
                                answer(request, lease, trace, exchange, chain)
                                        .doOnError(e -> tellPool(lease, e))
                                        .doOnSuccess(_ -> trace.answered(status(exchange)))
                                        .doOnSuccess(_ -> tellPool(lease, exchange))
                                        .doOnError(e -> trace.failed(errorType(e)))
                                        .doOnCancel(() -> left(request, trace, exchange)),
                        lease -> selection.giveBack(lease, request))
                .onErrorMap(failure -> failed(request, exchange, failure));
    }

    /** The worker may have left since it was chosen. */
    private Lease place(URI worker, Request request, AttemptTrace trace) {
        return selection
                .lease(worker, request)
                .orElseThrow(() -> {
                    trace.failed("declined");
                    return new AttemptFailed(
                            AttemptFailed.Kind.DECLINED, worker + " is known no longer");
                });
    }

    private void taken(Request request, RoutingDecision decision, ServerWebExchange exchange) {
        if (request.routing().tried().isEmpty()) {
            retries.earn();
        }
        metrics.chosen(decision);
        request.tried(decision.worker().address());
        prefixes.keep(request.routing().prefix(), decision.worker().address());
        if (explain) {
            exchange.getResponse().getHeaders().set(EXPLAINED, decision.explained());
        }
    }

    private boolean otherWorker(Request request) {
        return request.mayTryAgain() && selection.any(request).isPresent();
    }

    /** The routing filter takes the address from the first of these attributes. */
    static void handOver(URI worker, String service, ServerWebExchange exchange) {
        ServiceInstance instance =
                new DelegatingServiceInstance(
                        new DefaultServiceInstance(
                                worker.toString(),
                                service,
                                worker.getHost(),
                                worker.getPort(),
                                "https".equals(worker.getScheme())),
                        worker.getScheme());
        URI url = LoadBalancerUriTools.reconstructURI(instance, exchange.getRequest().getURI());
        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, url);
        exchange.getAttributes()
                .put(GATEWAY_LOADBALANCER_RESPONSE_ATTR, new DefaultResponse(instance));
    }

    private Mono<Void> answer(
            Request request,
            Lease lease,
            AttemptTrace trace,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        Attempt attempt = new Attempt(request, lease);
        WorkerResponse response =
                new WorkerResponse(
                        exchange.getResponse(),
                        request,
                        attempt,
                        () -> otherWorker(request),
                        exchange.getRequest().getPath().value());
        ServerWebExchange toWorker =
                exchange.mutate()
                        .request(new WorkerRequest(exchange, request, token, trace))
                        .response(response)
                        .build();
        return attempt.make(chain.filter(toWorker));
    }

    /** A refused connection says more about the worker than about the request. */
    private static void tellPool(Lease lease, Throwable failure) {
        if (AttemptFailed.of(failure) instanceof AttemptFailed attempt) {
            switch (attempt.kind()) {
                case REFUSED -> lease.refused();
                case BROKEN, SILENT -> lease.failed();
                case DECLINED, HUNG -> {} // it is busy, or was given up already
            }
        }
    }

    /** Of an error that the request itself causes at each worker, the worker says so. */
    private static void tellPool(Lease lease, ServerWebExchange exchange) {
        int status = status(exchange);
        boolean lasting =
                ShouldRetry.NO.equals(
                        exchange.getResponse().getHeaders().getFirst(ShouldRetry.HEADER));
        if (status == 500 || status == 502 || status == 504) {
            if (!lasting) {
                lease.failed();
            }
        } else {
            lease.answered();
        }
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

    /** What the failure of an attempt means for the request. */
    private Throwable failed(Request request, ServerWebExchange exchange, Throwable failure) {
        if (request.begun()) {
            return failure;
        }
        ServerWebExchangeUtils.reset(exchange);
        if (!(AttemptFailed.of(failure) instanceof AttemptFailed attempt)) {
            return failure;
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
        if (!attempt.replaceable() || !otherWorker(request)) {
            return attempt.toApi();
        }
        if (attempt.kind() != AttemptFailed.Kind.DECLINED && !retries.spend()) {
            metrics.overBudget();
            return attempt.toApi();
        }
        metrics.retried(attempt.kind());
        request.tally().waited(Wait.RETRY);
        return new TryAnotherWorker(attempt);
    }
}
