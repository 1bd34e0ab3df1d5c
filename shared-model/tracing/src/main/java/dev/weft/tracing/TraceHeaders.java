package dev.weft.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The headers {@code traceparent} and {@code tracestate} of W3C's Trace Context. */
public final class TraceHeaders {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private TraceHeaders() {}

    /** Reads the trace context of a request's headers; the root if they hold none that is valid. */
    public static Context read(Function<String, @Nullable String> headers) {
        return W3C.extract(
                Context.root(),
                headers,
                (source, name) -> source == null ? null : source.apply(name));
    }

    /** Writes the headers for a request that is made within {@code context}. */
    public static void write(Context context, BiConsumer<String, String> headers) {
        W3C.inject(
                context,
                headers,
                (target, name, value) -> {
                    if (target != null) {
                        target.accept(name, value);
                    }
                });
    }
}
