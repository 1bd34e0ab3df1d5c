package dev.weft.inference.server.http.outcome;

import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.inference.server.trace.CompletionTraces;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.path.ModelPaths;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Traces a completion around all else, from its head to its answer's last byte. */
public final class TraceFilter implements WebFilter, Ordered {
    private static final String TRACE = CompletionTrace.class.getName();

    private final CompletionTraces traces;

    TraceFilter(CompletionTraces traces) {
        this.traces = traces;
    }

    /** The trace of a request; {@link CompletionTrace#NONE} if it has none. */
    public static CompletionTrace of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(TRACE, CompletionTrace.NONE);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getURI().getPath();
        if (!traces.on() || path.equals(ModelPaths.COUNT) || !ModelPaths.ALL.contains(path)) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> traced(exchange, chain, path));
    }

    private Mono<Void> traced(ServerWebExchange exchange, WebFilterChain chain, String path) {
        ServerHttpRequest request = exchange.getRequest();
        CompletionTrace trace =
                traces.begin(
                        request.getMethod().name(),
                        path,
                        name -> request.getHeaders().getFirst(name));
        exchange.getAttributes().put(TRACE, trace);
        AtomicInteger failed = new AtomicInteger();
        return chain.filter(exchange)
                .doOnError(e -> {
                    ApiException error = ErrorAnswers.known(e, path);
                    failed.set(error.code().status());
                    trace.failed(error.code());
                })
                .doFinally(signal -> {
                    if (signal == SignalType.CANCEL) {
                        trace.cancelled();
                    }
                    trace.end(failed.get() > 0 ? failed.get() : status(exchange));
                });
    }

    private static int status(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return status == null ? 0 : status.value();
    }
}
