package dev.weft.gateway.trace;

import dev.weft.tracing.TraceHeaders;
import dev.weft.tracing.TraceTime;
import dev.weft.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Begins the trace of each request, or continues its client's trace. */
public final class RequestTraces {
    private final Tracing tracing;
    private final Clock clock;
    private final boolean logged;

    /**
     * @param logged requests are logged, traced or not
     */
    public RequestTraces(Tracing tracing, Clock clock, boolean logged) {
        this.tracing = tracing;
        this.clock = clock;
        this.logged = logged;
    }

    /** False if nothing is traced or logged: then requests need no trace. */
    public boolean on() {
        return logged || tracing.isOn();
    }

    /**
     * Begins the trace of a request that has just come.
     *
     * @param path one of the API's
     * @param headers value of a header by its name, null if it isn't there
     */
    public RequestTrace begin(
            String method, String path, Function<String, @Nullable String> headers) {
        TraceTime time = TraceTime.begin(clock);
        Context client = TraceHeaders.read(headers);
        Span span = tracing.server(method + " " + path, client, time);
        return new RequestTrace(
                tracing.tracer(),
                time,
                client.with(span),
                span,
                new RequestTrace.Head(method, path),
                logged);
    }
}
