package dev.weft.gateway.forward.attempt;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.weft.gateway.error.Failures;
import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.RequestIds;
import dev.weft.gateway.trace.AttemptTrace;
import dev.weft.gateway.worker.Lease;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ShouldRetry;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.support.DelegatingServiceInstance;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Makes attempts of requests at their workers. An attempt runs the rest of the filter chain, and
 * holds a place at the worker until the client has the answer. The pool of workers is told how it
 * ended.
 */
final class WorkerAttempts {
    private final WorkerSelection selection;
    private final Retries retries;
    private final @Nullable String token;

    /**
     * @param token of this gateway, for workers that ask for one; null for none
     */
    WorkerAttempts(WorkerSelection selection, Retries retries, @Nullable String token) {
        this.selection = selection;
        this.retries = retries;
        this.token = token;
    }

    /**
     * Makes an attempt. If it fails before the first byte, the exchange is as it was.
     *
     * @param side of a race; null if no other attempt runs beside this one
     */
    Mono<Void> make(
            URI worker,
            Request request,
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Race.@Nullable Side side) {
        URI service = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        handOver(worker, service.getHost(), exchange);
        AttemptTrace trace = request.trace().attempt(worker);
        return Mono.using(
                        () -> place(worker, request, trace),
                        lease ->
                                answer(request, lease, side, trace, exchange, chain)
                                        .doOnError(e -> failed(lease, request, trace, exchange, e))
                                        .doOnSuccess(_ -> trace.answered(status(exchange)))
                                        .doOnSuccess(_ -> tellPool(lease, request, exchange))
                                        .doOnCancel(() -> left(request, trace, exchange)),
                        lease -> selection.giveBack(lease, request))
                .doOnError(failure -> failed(request, exchange, failure));
    }

    private static void failed(Request request, ServerWebExchange exchange, Throwable failure) {
        if (!request.begun()) {
            ServerWebExchangeUtils.reset(exchange);
        }
        if (AttemptFailed.of(failure) instanceof AttemptFailed attempt
                && attempt.kind().losesTheWorker()) {
            request.lostWorker();
        }
    }

    /** Takes a place at the worker, which may have left since it was chosen. */
    private Lease place(URI worker, Request request, AttemptTrace trace) {
        return selection
                .lease(worker, request)
                .orElseThrow(() -> {
                    trace.failed("declined");
                    return new AttemptFailed(
                            AttemptFailed.Kind.DECLINED, worker + " is known no longer");
                });
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
        exchange.getAttributes()
                .put(GATEWAY_REQUEST_URL_ATTR, at(worker, exchange.getRequest().getURI()));
        exchange.getAttributes()
                .put(GATEWAY_LOADBALANCER_RESPONSE_ATTR, new DefaultResponse(instance));
    }

    /** The URL of the client's request, at the worker. */
    private static URI at(URI worker, URI asked) {
        int usual = "https".equals(worker.getScheme()) ? 443 : 80;
        String query = asked.getRawQuery();
        return URI.create(
                worker.getScheme()
                        + "://"
                        + worker.getHost()
                        + ":"
                        + (worker.getPort() < 0 ? usual : worker.getPort())
                        + asked.getRawPath()
                        + (query == null ? "" : "?" + query));
    }

    private Mono<Void> answer(
            Request request,
            Lease lease,
            Race.@Nullable Side side,
            AttemptTrace trace,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        Attempt attempt = new Attempt(request, lease, side);
        WorkerResponse response =
                new WorkerResponse(
                        exchange.getResponse(),
                        request,
                        attempt,
                        trace,
                        failure -> retries.mayFollow(request, failure),
                        new WorkerResponse.Named(
                                exchange.getRequest().getPath().value(), RequestIds.of(exchange)));
        ServerWebExchange toWorker =
                exchange.mutate()
                        .request(new WorkerRequest(exchange, request, token, trace))
                        .response(response)
                        .build();
        return attempt.make(chain.filter(toWorker));
    }

    /**
     * After the answer's first byte, a lost connection is the client's: if the worker breaks off
     * then, the answer ends with an error of Weft's own.
     */
    static void failed(
            Lease lease,
            Request request,
            AttemptTrace trace,
            ServerWebExchange exchange,
            Throwable failure) {
        if (request.begun() && Failures.code(failure).isEmpty()) {
            left(request, trace, exchange);
            return;
        }
        tellPool(lease, failure, request.isStreamed());
        trace.failed(errorType(failure));
    }

    /**
     * A refused connection says more about the worker than about the request. An answer that is not
     * streamed has its first byte when it is whole: silence may only mean that it is long, and a
     * worker that hangs is found by its probes.
     */
    private static void tellPool(Lease lease, Throwable failure, boolean streamed) {
        if (AttemptFailed.of(failure) instanceof AttemptFailed attempt) {
            switch (attempt.kind()) {
                case REFUSED -> lease.refused();
                case BROKEN, FAILED -> lease.failed();
                case SILENT -> {
                    if (streamed) {
                        lease.failed();
                    }
                }
                case DECLINED, HUNG -> {} // it is busy, or was given up already
            }
        }
    }

    /**
     * Tells the pool how the worker answered. An error does not count if the worker says that no
     * retry helps: the request causes it at each worker. Nor does it if the request's time is over:
     * the worker was told when to end.
     */
    private static void tellPool(Lease lease, Request request, ServerWebExchange exchange) {
        int status = status(exchange);
        if (status == 504 && request.time().isOver()) {
            return;
        }
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
}
