package dev.weft.gateway.trace;

import static dev.weft.tracing.SpanAttributes.ERROR_TYPE;
import static dev.weft.tracing.SpanAttributes.STATUS;

import dev.weft.tracing.TraceHeaders;
import dev.weft.tracing.TraceTime;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** An attempt at a worker as a span. It ends once; later events change nothing. */
public final class AttemptTrace {
    private final TraceTime time;
    private final Context context;
    private final Span span;

    AttemptTrace(TraceTime time, Context context, Span span) {
        this.time = time;
        this.context = context;
        this.span = span;
    }

    /** Passes on the headers by which the worker continues the trace; none if there is no trace. */
    public void headers(BiConsumer<String, String> headers) {
        TraceHeaders.write(context, headers);
    }

    /** The client has the worker's answer. */
    public void answered(int status) {
        span.setAttribute(STATUS, (long) status);
        if (status >= 400) {
            span.setAttribute(ERROR_TYPE, String.valueOf(status));
            span.setStatus(StatusCode.ERROR);
        }
        end();
    }

    /** The worker failed. */
    public void failed(String errorType) {
        span.setAttribute(ERROR_TYPE, errorType);
        span.setStatus(StatusCode.ERROR);
        end();
    }

    /** The client left. */
    public void cancelled() {
        span.setAttribute(ERROR_TYPE, "cancelled");
        end();
    }

    private void end() {
        span.end(time.nowEpochNanos(), TimeUnit.NANOSECONDS);
    }
}
