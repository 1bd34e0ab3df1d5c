package dev.weft.catalog.trace;

import static dev.weft.tracing.SpanAttributes.ADAPTER_DIGEST;
import static dev.weft.tracing.SpanAttributes.ADAPTER_VERSION;
import static dev.weft.tracing.SpanAttributes.ERROR_TYPE;
import static dev.weft.tracing.SpanAttributes.OUTCOME;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.tracing.TraceTime;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The trace of one ingest. Stages come one after the other or within each other, on whichever
 * thread works on it.
 */
public final class IngestTrace {
    private final Tracer tracer;
    private final TraceTime time;
    private final Context whole;
    private final Span span;

    /** Until something is said of its end another start, or another catalog, goes on with it. */
    private String outcome = "left";

    /** Of the innermost stage that runs. */
    private volatile Context current;

    IngestTrace(Tracer tracer, TraceTime time, Context whole, Span span) {
        this.tracer = tracer;
        this.time = time;
        this.whole = whole;
        this.span = span;
        this.current = whole;
    }

    /** A part of it, from now until it is closed. */
    public final class Stage implements AutoCloseable {
        private final Context around = current;
        private final Span part;
        private boolean done;

        private Stage(String name) {
            part =
                    tracer.spanBuilder(name)
                            .setParent(around)
                            .setStartTimestamp(time.nowEpochNanos(), TimeUnit.NANOSECONDS)
                            .startSpan();
            current = around.with(part);
        }

        /** It went well; one that is closed without has failed. */
        public <T> T done(T result) {
            done = true;
            return result;
        }

        @Override
        public void close() {
            part.setAttribute(OUTCOME, done ? "ok" : "failed");
            part.end(time.nowEpochNanos(), TimeUnit.NANOSECONDS);
            current = around;
        }
    }

    public Stage stage(String name) {
        return new Stage(name);
    }

    /** What the files are. */
    public void digest(AdapterDigest digest) {
        span.setAttribute(ADAPTER_DIGEST, digest.toString());
    }

    /** It may be served, as {@code version}. */
    public void ready(String version) {
        span.setAttribute(ADAPTER_VERSION, version);
        outcome = "ready";
    }

    /**
     * It may not be served: for what is in it, or because it could not be had.
     *
     * @param ours a failure of the catalog's
     */
    public void rejected(List<String> codes, boolean ours) {
        span.setAttribute(ERROR_TYPE, String.join(",", codes));
        if (ours) {
            span.setStatus(StatusCode.ERROR);
        }
        outcome = "rejected";
    }

    /** Does the work, whose lines in the log can be found by the trace, and ends it. */
    void around(IngestTraces.Work work) throws InterruptedException {
        try (Scope _ = whole.makeCurrent()) {
            work.run(this);
        } finally {
            span.setAttribute(OUTCOME, outcome);
            span.end(time.nowEpochNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
