package dev.weft.catalog.trace;

import static dev.weft.tracing.SpanAttributes.ADAPTER;
import static dev.weft.tracing.SpanAttributes.REPOSITORY;
import static dev.weft.tracing.SpanAttributes.SOURCE;
import static dev.weft.tracing.SpanAttributes.VERSION_ID;

import dev.weft.catalog.version.Version;
import dev.weft.tracing.TraceTime;
import dev.weft.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Traces each ingest. Safe for any thread. */
public final class IngestTraces {
    private final Tracing tracing;
    private final Clock clock;

    public IngestTraces(Tracing tracing, Clock clock) {
        this.tracing = tracing;
        this.clock = clock;
    }

    /** The work of an ingest. */
    public interface Work {
        void run(IngestTrace trace) throws InterruptedException;
    }

    /** Does the work of an ingest within a trace. */
    public void trace(Version version, Work work) throws InterruptedException {
        begin(version).around(work);
    }

    private IngestTrace begin(Version version) {
        TraceTime time = TraceTime.begin(clock);
        Span span =
                tracing.tracer()
                        .spanBuilder("ingest")
                        .setNoParent()
                        .setStartTimestamp(time.beganEpochNanos(), TimeUnit.NANOSECONDS)
                        .setAttribute(ADAPTER, version.adapter().written())
                        .setAttribute(VERSION_ID, version.id())
                        .setAttribute(
                                SOURCE,
                                version.origin()
                                        .repository()
                                        .source()
                                        .name()
                                        .toLowerCase(Locale.ROOT))
                        .setAttribute(REPOSITORY, version.origin().repository().toString())
                        .startSpan();
        return new IngestTrace(tracing.tracer(), time, Context.root().with(span), span);
    }
}
