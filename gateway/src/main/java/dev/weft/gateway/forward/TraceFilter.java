package dev.weft.gateway.forward;

import dev.weft.gateway.error.Failures;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.gateway.trace.RequestTraces;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.path.ModelPaths;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Traces a completion from its head to its answer's last byte, around everything else. */
final class TraceFilter implements WebFilter, Ordered {
    private static final String TRACE = RequestTrace.class.getName();

    private final RequestTraces traces;

    TraceFilter(RequestTraces traces) {
        this.traces = traces;
    }

    /** The trace of a request; {@link RequestTrace#NONE} if it has none. */
    static RequestTrace of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(TRACE, RequestTrace.NONE);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getURI().getPath();
        if (!traces.on() || !ModelPaths.ALL.contains(path)) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> traced(exchange, chain, path));
    }

    private Mono<Void> traced(ServerWebExchange exchange, WebFilterChain chain, String path) {
        ServerHttpRequest request = exchange.getRequest();
        RequestTrace trace =
                traces.begin(
                        request.getMethod().name(),
                        path,
                        name -> request.getHeaders().getFirst(name));
        exchange.getAttributes().put(TRACE, trace);
        AtomicInteger failed = new AtomicInteger();
        return chain.filter(exchange)
                .doOnError(e -> failed.set(failed(trace, e)))
                .doFinally(_ -> trace.end(failed.get() > 0 ? failed.get() : status(exchange)));
    }

    /** The status that the client will get; 0 if that isn't known here. */
    private static int failed(RequestTrace trace, Throwable failure) {
        Optional<ErrorCode> code = Failures.code(failure);
        if (code.isEmpty()) {
            trace.outcome(RequestOutcome.CANCELLED.tag(), RequestOutcome.CANCELLED.tag(), false);
            return 0;
        }
        RequestOutcome outcome = RequestOutcome.of(code.get());
        trace.outcome(outcome.tag(), code.get().code(), outcome.failed());
        return code.get().status();
    }

    private static int status(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return status == null ? 0 : status.value();
    }
}
