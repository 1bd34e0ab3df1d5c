package dev.weft.inference.server.trace;

import static dev.weft.tracing.SpanAttributes.ADAPTER;
import static dev.weft.tracing.SpanAttributes.ADAPTER_DIGEST;
import static dev.weft.tracing.SpanAttributes.CACHED_TOKENS;
import static dev.weft.tracing.SpanAttributes.CHOICES;
import static dev.weft.tracing.SpanAttributes.ERROR_TYPE;
import static dev.weft.tracing.SpanAttributes.FINISH_REASONS;
import static dev.weft.tracing.SpanAttributes.INPUT_MESSAGES;
import static dev.weft.tracing.SpanAttributes.INPUT_TOKENS;
import static dev.weft.tracing.SpanAttributes.MAX_TOKENS;
import static dev.weft.tracing.SpanAttributes.METHOD;
import static dev.weft.tracing.SpanAttributes.OPERATION;
import static dev.weft.tracing.SpanAttributes.OUTCOME;
import static dev.weft.tracing.SpanAttributes.OUTPUT_MESSAGES;
import static dev.weft.tracing.SpanAttributes.OUTPUT_TOKENS;
import static dev.weft.tracing.SpanAttributes.PATH;
import static dev.weft.tracing.SpanAttributes.PROVIDER;
import static dev.weft.tracing.SpanAttributes.REQUEST_MODEL;
import static dev.weft.tracing.SpanAttributes.RESPONSE_ID;
import static dev.weft.tracing.SpanAttributes.RESPONSE_MODEL;
import static dev.weft.tracing.SpanAttributes.ROUTE;
import static dev.weft.tracing.SpanAttributes.STATUS;
import static dev.weft.tracing.SpanAttributes.STREAM;
import static dev.weft.tracing.SpanAttributes.TEMPERATURE;
import static dev.weft.tracing.SpanAttributes.TIER;
import static dev.weft.tracing.SpanAttributes.TOP_P;

import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.CompletionWatch;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.residency.AdapterArrival;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.tracing.TraceHeaders;
import dev.weft.tracing.TraceTime;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The trace of one request. It holds no text unless the deployment asks for that. Any thread. */
public final class CompletionTrace implements CompletionWatch {
    /** The trace of a request that is not traced. */
    public static final CompletionTrace NONE =
            new CompletionTrace(
                    Span.getInvalid(),
                    new ChildSpans(
                            TracerProvider.noop().get(""), new TraceTime(0, 0), Context.root()),
                    "",
                    "",
                    false);

    /** Inputs of one request that have spans of their own. */
    private static final int MOST_INPUTS = 16;

    private final Span span;
    private final ChildSpans children;
    private final boolean content;
    private final AtomicBoolean judged = new AtomicBoolean();
    private volatile List<ChoiceTrace> choices = List.of();
    private volatile long adapterAsked;

    CompletionTrace(Span span, ChildSpans children, String method, String path, boolean content) {
        this.span = span;
        this.children = children;
        this.content = content && span.isRecording();
        span.setAttribute(METHOD, method);
        span.setAttribute(PATH, path);
        span.setAttribute(ROUTE, path);
        span.setAttribute(OPERATION, Operation.ofPath(path).tag());
        span.setAttribute(PROVIDER, "weft");
    }

    /** Records what a request asks for. */
    public void asked(ResolvedModel model, CompletionRequest request, boolean stream) {
        if (!span.isRecording()) {
            return;
        }
        model(model, stream);
        span.setAttribute(RESPONSE_ID, request.id());
        span.setAttribute(MAX_TOKENS, (long) request.choices().prompts().getFirst().maxTokens());
        span.setAttribute(TEMPERATURE, request.settings().sampling().temperature());
        span.setAttribute(TOP_P, request.settings().sampling().cut().topP());
        if (request.choices().count() > 1) {
            span.setAttribute(CHOICES, (long) request.choices().count());
        }
        choices =
                IntStream.range(0, request.choices().count())
                        .mapToObj(choice ->
                                new ChoiceTrace(
                                        choice, request.choices().promptOf(choice).tokens().size()))
                        .toList();
    }

    /** Records a request for vectors. If it has many inputs, only the first ones have spans. */
    public void asked(ResolvedModel model, CompletionRequest request) {
        if (!span.isRecording()) {
            return;
        }
        model(model, false);
        span.setAttribute(RESPONSE_ID, request.id());
        span.setAttribute(CHOICES, (long) request.choices().count());
        choices =
                IntStream.range(0, Math.min(MOST_INPUTS, request.choices().count()))
                        .mapToObj(input ->
                                new ChoiceTrace(
                                        input, request.choices().promptOf(input).tokens().size()))
                        .toList();
    }

    /** Records a request to a server beside the worker. */
    public void relayed(ResolvedModel model, boolean stream) {
        if (span.isRecording()) {
            model(model, stream);
        }
    }

    /** Passes on the headers by which a server beside the worker continues the trace, if any. */
    public void headers(BiConsumer<String, String> headers) {
        if (span.getSpanContext().isValid()) {
            TraceHeaders.write(children.parent(), headers);
        }
    }

    /** Records the token counts that a server beside the worker has told. */
    public void counted(TokenCount count) {
        span.setAttribute(INPUT_TOKENS, count.input());
        span.setAttribute(OUTPUT_TOKENS, count.output());
    }

    private void model(ResolvedModel model, boolean stream) {
        span.setAttribute(REQUEST_MODEL, model.name());
        span.setAttribute(RESPONSE_MODEL, model.name());
        if (model.adapter() != null) {
            span.setAttribute(ADAPTER, model.name());
            span.setAttribute(ADAPTER_DIGEST, model.adapter().toString());
        }
        span.setAttribute(STREAM, stream);
    }

    @Override
    public RequestTimes times(RequestTimes ofAll) {
        SpanContext its = span.getSpanContext();
        return its.isSampled() ? ofAll.traced(its.getTraceId(), its.getSpanId()) : ofAll;
    }

    @Override
    public void adapterAsked() {
        adapterAsked = System.nanoTime();
    }

    @Override
    public void adapterLeased(AdapterArrival arrival) {
        AttributesBuilder attributes =
                Attributes.builder().put(TIER, arrival.from().name().toLowerCase(Locale.ROOT));
        arrival.stageNanos()
                .forEach((stage, nanos) ->
                        attributes.put("weft.adapter." + stage + "_seconds", nanos / 1e9));
        adapterLoad(attributes.build(), false);
    }

    @Override
    public void adapterMissed(ErrorCode why) {
        adapterLoad(Attributes.of(ERROR_TYPE, why.code()), true);
    }

    private void adapterLoad(Attributes attributes, boolean failed) {
        if (span.isRecording()) {
            children.add("adapter load", adapterAsked, System.nanoTime(), attributes, failed);
        }
    }

    @Override
    public void queued(int choice) {
        if (choice < choices.size()) {
            choices.get(choice).queued();
        }
    }

    @Override
    public void prompted(int choice, int cachedTokens) {
        if (choice < choices.size()) {
            choices.get(choice).prompted(cachedTokens);
        }
    }

    @Override
    public void worked(int choice, GenerationWork work) {
        if (choice < choices.size()) {
            choices.get(choice).worked(work);
        }
    }

    @Override
    public void ended(int choice, int tokens, String how, boolean failed) {
        if (choice < choices.size()) {
            choices.get(choice).ended(children, tokens, how, failed);
        }
    }

    /** The answer is whole. */
    public void answered(Usage usage, List<String> finishReasons) {
        span.setAttribute(INPUT_TOKENS, (long) usage.promptTokens());
        span.setAttribute(OUTPUT_TOKENS, (long) usage.completionTokens());
        span.setAttribute(CACHED_TOKENS, (long) usage.cachedTokens());
        span.setAttribute(FINISH_REASONS, finishReasons);
        passedOn();
    }

    /** The answer is complete, or that of a server beside the worker was passed on to its end. */
    public void passedOn() {
        if (judged.compareAndSet(false, true)) {
            span.setAttribute(OUTCOME, "ok");
        }
    }

    /** The request can't be answered, or its answer broke off; the first reason counts. */
    public void failed(ErrorCode why) {
        if (judged.compareAndSet(false, true)) {
            span.setAttribute(OUTCOME, why.status() >= 500 ? "failed" : "refused");
            span.setAttribute(ERROR_TYPE, why.code());
            if (why.status() >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
        }
    }

    /** The client left, which changes nothing if it had its answer. */
    public void cancelled() {
        if (judged.compareAndSet(false, true)) {
            span.setAttribute(OUTCOME, "cancelled");
            span.setAttribute(ERROR_TYPE, "cancelled");
        }
    }

    /**
     * The last byte was sent, or nobody is left to send it to.
     *
     * @param status 0 if none was sent
     */
    public void end(int status) {
        if (status > 0) {
            span.setAttribute(STATUS, (long) status);
        }
        span.end(children.time().nowEpochNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether the trace records prompts and answers. */
    public boolean content() {
        return content;
    }

    /** Records the request's text; call it only if {@link #content}. */
    public void input(String messages) {
        span.setAttribute(INPUT_MESSAGES, messages);
    }

    /** Records the answer's text; call it only if {@link #content}. */
    public void output(String messages) {
        span.setAttribute(OUTPUT_MESSAGES, messages);
    }

    /** Runs work of this request, so that its figures and log lines can be found by its trace. */
    public <T> T within(Supplier<T> work) {
        if (!span.getSpanContext().isValid()) {
            return work.get();
        }
        try (Scope _ = children.parent().makeCurrent()) {
            return work.get();
        }
    }
}
