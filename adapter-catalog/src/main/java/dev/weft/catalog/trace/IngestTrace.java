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
 * The trace of one ingest. Stages follow each other or are nested, on any thread that works on the
 * ingest.
 */
public final class IngestTrace {
    private final Tracer tracer;
    private final TraceTime time;
    private final Context whole;
    private final Span span;

    /** The outcome if no end is reported: another start or another catalog continues the ingest. */
    private String outcome = "left";

    /** The context of the innermost running stage. */
    private volatile Context current;

    IngestTrace(Tracer tracer, TraceTime time, Context whole, Span span) {
        this.tracer = tracer;
        this.time = time;
        this.whole = whole;
        this.span = span;
        this.current = whole;
    }

    /** A stage of the ingest, from now until it is closed. */
    public final class StageSpan implements AutoCloseable {
        private final Context around = current;
        private final Span part;
        private boolean done;

        private StageSpan(String name) {
            part =
                    tracer.spanBuilder(name)
                            .setParent(around)
                            .setStartTimestamp(time.nowEpochNanos(), TimeUnit.NANOSECONDS)
                            .startSpan();
            current = around.with(part);
        }

        /** Marks the stage as successful; a stage that is closed without this has failed. */
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

    public StageSpan stage(String name) {
        return new StageSpan(name);
    }

    /** Notes the digest of the files. */
    public void digest(AdapterDigest digest) {
        span.setAttribute(ADAPTER_DIGEST, digest.toString());
    }

    /** Notes that it may be served, as {@code version}. */
    public void ready(String version) {
        span.setAttribute(ADAPTER_VERSION, version);
        outcome = "ready";
    }

    /**
     * Notes that it may not be served, because of its content or because it couldn't be fetched.
     *
     * @param ours whether the catalog itself failed
     */
    public void rejected(List<String> codes, boolean ours) {
        span.setAttribute(ERROR_TYPE, String.join(",", codes));
        if (ours) {
            span.setStatus(StatusCode.ERROR);
        }
        outcome = "rejected";
    }

    /** Does the work and ends the trace; the work's log lines can be found by the trace. */
    void around(IngestTraces.Work work) throws InterruptedException {
        try (Scope _ = whole.makeCurrent()) {
            work.run(this);
        } finally {
            span.setAttribute(OUTCOME, outcome);
            span.end(time.nowEpochNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
