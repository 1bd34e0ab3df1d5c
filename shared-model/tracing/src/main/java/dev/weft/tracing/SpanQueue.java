package dev.weft.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues spans for the collector: OpenTelemetry's batch processor, behind a bound on waiting spans.
 * If too many wait, further ones are dropped and counted; the thread that ends a span never waits.
 */
final class SpanQueue implements SpanProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);

    /**
     * The most waiting spans: those of some hundred requests with their attempts and steps. A span
     * with attributes takes about 2 KiB.
     */
    static final int MOST_WAITING = 4096;

    private static final int BATCH = 512;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

    /**
     * The library's logger, which is off: it logs in many lines what {@link Counted} logs in one.
     * The field keeps the logger from being garbage-collected.
     */
    private static final java.util.logging.Logger OF_THE_LIBRARY =
            java.util.logging.Logger.getLogger("io.opentelemetry");

    private final SpanProcessor batches;
    private final SpanCounts counts;
    private final AtomicInteger waiting;
    private final AtomicBoolean dropping = new AtomicBoolean();

    private SpanQueue(SpanProcessor batches, SpanCounts counts, AtomicInteger waiting) {
        this.batches = batches;
        this.counts = counts;
        this.waiting = waiting;
    }

    static SpanQueue to(URI endpoint, TracingOptions settings, SpanCounts counts) {
        OF_THE_LIBRARY.setLevel(Level.OFF);
        SpanExporter http =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(endpoint.toString())
                        .setHeaders(settings.headers())
                        .setConnectTimeout(CONNECT_TIMEOUT)
                        .setTimeout(SEND_TIMEOUT)
                        .build();
        AtomicInteger waiting = new AtomicInteger();
        SpanProcessor batches =
                BatchSpanProcessor.builder(new Counted(http, endpoint, counts, waiting))
                        .setMaxQueueSize(2 * MOST_WAITING) // never full: fewer wait in front
                        .setMaxExportBatchSize(BATCH)
                        .setScheduleDelay(settings.pause())
                        .setExporterTimeout(SEND_TIMEOUT)
                        .build();
        return new SpanQueue(batches, counts, waiting);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        int before = waiting.getAndIncrement();
        if (before >= MOST_WAITING) {
            waiting.decrementAndGet();
            counts.addDropped();
            if (dropping.compareAndSet(false, true)) {
                LOG.warn("{} spans wait to be sent: further ones are lost", MOST_WAITING);
            }
            return;
        }
        if (before < MOST_WAITING / 2) {
            dropping.set(false); // the next drop is logged again
        }
        batches.onEnd(span);
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode shutdown() {
        return batches.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }

    /**
     * Counts the spans that the collector took and those that it did not; logs when that changes.
     */
    private record Counted(
            SpanExporter next,
            URI endpoint,
            SpanCounts counts,
            AtomicInteger waiting,
            AtomicBoolean failing)
            implements SpanExporter {
        Counted(SpanExporter next, URI endpoint, SpanCounts counts, AtomicInteger waiting) {
            this(next, endpoint, counts, waiting, new AtomicBoolean());
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            int size = spans.size();
            CompletableResultCode result = send(spans);
            return result.whenComplete(() -> {
                waiting.addAndGet(-size);
                if (result.isSuccess()) {
                    counts.addSent(size);
                    if (failing.compareAndSet(true, false)) {
                        LOG.info("{} takes traces again", endpoint);
                    }
                } else {
                    counts.addFailed(size);
                    if (failing.compareAndSet(false, true)) {
                        LOG.warn(
                                "{} does not take traces, they are lost until it does: {}",
                                endpoint,
                                reason(result));
                    }
                }
            });
        }

        /** Unreadable headers are a failure like any other. */
        private CompletableResultCode send(Collection<SpanData> spans) {
            try {
                return next.export(spans);
            } catch (RuntimeException e) {
                return CompletableResultCode.ofExceptionalFailure(e);
            }
        }

        private static String reason(CompletableResultCode result) {
            Throwable failure = result.getFailureThrowable();
            return failure == null ? "it refuses them" : failure.toString();
        }

        @Override
        public CompletableResultCode flush() {
            return next.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return next.shutdown();
        }
    }
}
