package dev.weft.gateway.trace;

import static dev.weft.tracing.SpanAttributes.ADAPTER;
import static dev.weft.tracing.SpanAttributes.ADAPTER_DIGEST;
import static dev.weft.tracing.SpanAttributes.ADAPTER_VERSION;
import static dev.weft.tracing.SpanAttributes.ATTEMPT;
import static dev.weft.tracing.SpanAttributes.ERROR_TYPE;
import static dev.weft.tracing.SpanAttributes.INPUT_TOKENS;
import static dev.weft.tracing.SpanAttributes.METHOD;
import static dev.weft.tracing.SpanAttributes.OPERATION;
import static dev.weft.tracing.SpanAttributes.OUTCOME;
import static dev.weft.tracing.SpanAttributes.OUTPUT_TOKENS;
import static dev.weft.tracing.SpanAttributes.PATH;
import static dev.weft.tracing.SpanAttributes.PROVIDER;
import static dev.weft.tracing.SpanAttributes.REQUEST_ID;
import static dev.weft.tracing.SpanAttributes.REQUEST_MODEL;
import static dev.weft.tracing.SpanAttributes.ROUTE;
import static dev.weft.tracing.SpanAttributes.SERVER_ADDRESS;
import static dev.weft.tracing.SpanAttributes.SERVER_PORT;
import static dev.weft.tracing.SpanAttributes.STATUS;

import dev.weft.protocol.usage.Operation;
import dev.weft.tracing.TraceTime;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one request: its own span, and one for each attempt at a worker. It never holds
 * prompts or answers. Any thread; calls after {@link #end} change nothing.
 */
public final class RequestTrace {
    /** The trace of a request that is not traced. */
    public static final RequestTrace NONE =
            new RequestTrace(
                    TracerProvider.noop().get(""),
                    new TraceTime(0, 0),
                    Context.root(),
                    Span.getInvalid(),
                    new Head("", ""),
                    false);

    /** A name is a word; a longer one was never in the catalog. */
    private static final int LONGEST_NAME = 128;

    /** The beginning of a request. */
    record Head(String method, String path) {
        String operation() {
            return Operation.ofPath(path).tag();
        }
    }

    private final Head head;
    private final boolean logged;
    private final Tracer tracer;
    private final TraceTime time;
    private final Context context;
    private final Span span;
    private final String operation;
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicBoolean judged = new AtomicBoolean();
    private volatile String model = "";
    private volatile String label = "unknown";
    private volatile String outcome = "unknown";
    private volatile @Nullable String error;
    private volatile @Nullable String requestId;
    private volatile long inputTokens = -1;
    private volatile long outputTokens = -1;
    private volatile @Nullable AttemptTrace attempt;

    RequestTrace(
            Tracer tracer, TraceTime time, Context context, Span span, Head head, boolean logged) {
        this.tracer = tracer;
        this.time = time;
        this.context = context;
        this.span = span;
        this.head = head;
        this.logged = logged;
        this.operation = head.operation();
        span.setAttribute(METHOD, head.method());
        span.setAttribute(PATH, head.path());
        span.setAttribute(ROUTE, head.path());
        span.setAttribute(OPERATION, operation);
        span.setAttribute(PROVIDER, "weft");
    }

    /** Notes the model as the client wrote it, and the id that the client gets. */
    public void asked(String name, @Nullable String id) {
        model = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
        span.setAttribute(REQUEST_MODEL, model);
        requestId = id;
        if (id != null) {
            span.setAttribute(REQUEST_ID, id);
        }
    }

    /** Notes a name of the catalog, or the base's. */
    public void known(String name) {
        label = name;
    }

    /** Notes the adapter that the name stands for. */
    public void adapter(String name, String digest, String version) {
        span.setAttribute(ADAPTER, name);
        span.setAttribute(ADAPTER_DIGEST, digest);
        span.setAttribute(ADAPTER_VERSION, version);
    }

    /** Begins an attempt at a worker. */
    public AttemptTrace attempt(URI worker) {
        Span begun =
                tracer.spanBuilder(model.isEmpty() ? operation : operation + " " + model)
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(context)
                        .setStartTimestamp(time.nowEpochNanos(), TimeUnit.NANOSECONDS)
                        .setAttribute(OPERATION, operation)
                        .setAttribute(PROVIDER, "weft")
                        .setAttribute(REQUEST_MODEL, model)
                        .setAttribute(SERVER_ADDRESS, String.valueOf(worker.getHost()))
                        .setAttribute(SERVER_PORT, (long) worker.getPort())
                        .setAttribute(ATTEMPT, (long) attempts.incrementAndGet())
                        .startSpan();
        AttemptTrace made = new AttemptTrace(time, context.with(begun), begun);
        attempt = made;
        return made;
    }

    /** Notes the tokens that the client is told. */
    public void usage(long input, long output) {
        inputTokens = input;
        outputTokens = output;
        span.setAttribute(INPUT_TOKENS, input);
        span.setAttribute(OUTPUT_TOKENS, output);
    }

    /** The client left within its answer. */
    public void left() {
        AttemptTrace last = attempt;
        if (last != null) {
            last.cancelled();
        }
    }

    /**
     * Notes how the request ended; the first call counts.
     *
     * @param ours a failure of Weft's, not of the client's
     */
    public void outcome(String how, @Nullable String errorType, boolean ours) {
        if (!judged.compareAndSet(false, true)) {
            return;
        }
        outcome = how;
        error = errorType;
        span.setAttribute(OUTCOME, how);
        if (errorType != null) {
            span.setAttribute(ERROR_TYPE, errorType);
        }
        if (ours) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** The request is over: its last byte was sent, or there is nobody left to send it to. */
    public void end(int status) {
        if (status > 0) {
            span.setAttribute(STATUS, (long) status);
        }
        long end = time.nowEpochNanos();
        span.end(end, TimeUnit.NANOSECONDS);
        if (logged) {
            run(() -> RequestLog.write(line(status, end)));
        }
    }

    private RequestLog.Line line(int status, long end) {
        return new RequestLog.Line(
                new RequestLog.Asked(head.method(), head.path(), label, requestId),
                new RequestLog.End(status, outcome, error),
                new RequestLog.Tokens(inputTokens, outputTokens),
                TimeUnit.NANOSECONDS.toMillis(end - time.beganEpochNanos()),
                attempts.get());
    }

    /**
     * Runs work of this request, so that a metric or a log line from it can be found by its trace.
     */
    public void run(Runnable work) {
        if (!span.getSpanContext().isValid()) {
            work.run();
            return;
        }
        try (Scope _ = context.makeCurrent()) {
            work.run();
        }
    }
}
