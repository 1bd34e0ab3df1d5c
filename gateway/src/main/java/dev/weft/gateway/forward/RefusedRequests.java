package dev.weft.gateway.forward;

import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.measure.Tally;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.path.ModelPaths;
import dev.weft.protocol.usage.Operation;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;

/** Counts requests that were refused before they could be forwarded. */
public final class RefusedRequests {
    private final RequestMetrics metrics;

    RefusedRequests(RequestMetrics metrics) {
        this.metrics = metrics;
    }

    /** Books a completion with its error; other requests are not counted. */
    public void count(ServerWebExchange exchange, ApiException error) {
        String path = exchange.getRequest().getPath().value();
        if (exchange.getRequest().getMethod().equals(HttpMethod.POST)
                && ModelPaths.ALL.contains(path)) {
            new Tally(metrics, Operation.ofPath(path), TraceFilter.of(exchange)).failed(error);
        }
    }
}
