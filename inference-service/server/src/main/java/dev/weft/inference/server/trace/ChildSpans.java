package dev.weft.inference.server.trace;

import dev.weft.tracing.TraceTime;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;

/** Makes spans of finished work, within a request's. Times are of {@link System#nanoTime}. */
record ChildSpans(Tracer tracer, TraceTime time, Context parent) {
    void add(String name, long begin, long end, Attributes attributes, boolean failed) {
        Span span =
                tracer.spanBuilder(name)
                        .setParent(parent)
                        .setStartTimestamp(time.epochNanos(begin), TimeUnit.NANOSECONDS)
                        .setAllAttributes(attributes)
                        .startSpan();
        if (failed) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(time.epochNanos(end), TimeUnit.NANOSECONDS);
    }
}
