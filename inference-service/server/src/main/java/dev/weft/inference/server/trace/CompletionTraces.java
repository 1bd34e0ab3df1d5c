package dev.weft.inference.server.trace;

import dev.weft.tracing.TraceHeaders;
import dev.weft.tracing.TraceTime;
import dev.weft.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Continues a gateway's trace for each request, or begins one. */
public final class CompletionTraces {
    private final Tracing tracing;
    private final Clock clock;

    CompletionTraces(Tracing tracing, Clock clock) {
        this.tracing = tracing;
        this.clock = clock;
    }

    /** False if nothing is traced: then requests need no trace. */
    public boolean on() {
        return tracing.isOn();
    }

    /**
     * The trace of a request that has just come.
     *
     * @param path one of the API's
     * @param headers value of a header by its name, null if it isn't there
     */
    public CompletionTrace begin(
            String method, String path, Function<String, @Nullable String> headers) {
        TraceTime time = TraceTime.begin(clock);
        Context caller = TraceHeaders.read(headers);
        Span span = tracing.server(method + " " + path, caller, time);
        ChildSpans children = new ChildSpans(tracing.tracer(), time, caller.with(span));
        return new CompletionTrace(span, children, method, path, tracing.content());
    }
}
