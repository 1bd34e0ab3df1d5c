package dev.weft.tracing;

import io.opentelemetry.api.trace.Span;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells Prometheus' client the trace of a value that is recorded on this thread: the one that the
 * service has made current. Only recorded spans make exemplars, so that each leads to a trace.
 */
public final class Exemplars implements SpanContext {
    @Override
    public @Nullable String getCurrentTraceId() {
        var current = Span.current().getSpanContext();
        return current.isValid() ? current.getTraceId() : null;
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        var current = Span.current().getSpanContext();
        return current.isValid() ? current.getSpanId() : null;
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return Span.current().getSpanContext().isSampled();
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // Every sampled span is kept.
    }
}
