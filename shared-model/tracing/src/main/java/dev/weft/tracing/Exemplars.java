package dev.weft.tracing;

import io.opentelemetry.api.trace.Span;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells Prometheus' client which trace a figure belongs to that is recorded on this thread: the one
 * that the service has made current for that. Only what is recorded makes an exemplar, so that each
 * leads somewhere.
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
