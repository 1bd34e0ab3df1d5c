package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.measure.StreamNotes;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.trace.AttemptTrace;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.error.ShouldRetry;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.service.stream.Until;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A worker's answer on its way to the client. Its bytes pass unchanged, except for the worker's
 * notes to the gateway. Before the first byte, a failure is an error of the returned publisher, and
 * nothing has been sent. After it, an event stream ends with an error event, and any other answer
 * with a closed connection.
 */
final class WorkerResponse extends ServerHttpResponseDecorator {
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(1);

    private final Request request;
    private final Attempt attempt;
    private final AttemptTrace trace;
    private final Predicate<AttemptFailed.Kind> another;
    private final Named named;
    private final EventCount sent = new EventCount();

    /**
     * The parts of a request that shape its error.
     *
     * @param path path of the API, which decides the form of errors
     * @param id of the request
     */
    record Named(String path, String id) {}

    /**
     * @param attempt the attempt whose answer this is
     * @param trace of that attempt
     * @param another whether another worker is to be asked after such a failure
     */
    WorkerResponse(
            ServerHttpResponse response,
            Request request,
            Attempt attempt,
            AttemptTrace trace,
            Predicate<AttemptFailed.Kind> another,
            Named named) {
        super(response);
        this.named = named;
        this.request = request;
        this.attempt = attempt;
        this.trace = trace;
        this.another = another;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return super.writeWith(answer(Flux.from(body)));
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        throw new IllegalStateException(
                "an answer is written with writeWith, which takes notes out");
    }

    private Flux<DataBuffer> answer(Flux<? extends DataBuffer> body) {
        HttpStatusCode status = getStatusCode();
        int code = status == null ? 200 : status.value();
        Tally tally = request.tally();
        String error = takeHeader(AnswerNotes.ERROR);
        TokenCount count = count(takeHeader(AnswerNotes.USAGE), takeHeader(AnswerNotes.CACHED));
        if (mayGoWellElsewhere(code) && (attempt.hasCompany() || another.test(kind(code)))) {
            return replaced(body, code);
        }
        Flux<DataBuffer> heard =
                Until.fails(
                                attempt.ended(),
                                attempt.ours(Flux.from(body)).doOnNext(_ -> attempt.heard()))
                        .onErrorMap(AttemptFailed::of);
        if (!error.isEmpty()) {
            Runnable tell = () -> tally.workersError(error);
            heard = heard.doOnNext(_ -> tell.run()).doOnComplete(tell);
        }
        MediaType type = getHeaders().getContentType();
        boolean events = type != null && type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM);
        return (events ? events(heard, tally, code) : other(heard, tally, code, count))
                .doOnCancel(attempt::left)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }

    private static @Nullable TokenCount count(String usage, String cached) {
        return TokenCount.parse(usage)
                .map(told ->
                        cached.matches("[0-9]{1,15}")
                                ? told.withCached(Long.parseLong(cached))
                                : told)
                .orElse(null);
    }

    /** True for a 429, 502 or 503, unless the worker says that the request itself is to blame. */
    private boolean mayGoWellElsewhere(int code) {
        return (code == 429 || code == 502 || code == 503)
                && !ShouldRetry.NO.equals(getHeaders().getFirst(ShouldRetry.HEADER));
    }

    /**
     * Drops the body and fails. A body that is never subscribed keeps the buffers that arrived, so
     * this takes one and drops the rest. It passes none on: the operators behind it would discard
     * that one, which would release it twice.
     */
    static Flux<DataBuffer> replaced(Flux<? extends DataBuffer> body, int code) {
        return body.take(1)
                .<DataBuffer>handle((part, _) -> DataBufferUtils.release(part))
                .timeout(LONGEST_DRAIN)
                .onErrorComplete()
                .thenMany(Flux.error(() -> new AttemptFailed(kind(code), "answered " + code)));
    }

    private static AttemptFailed.Kind kind(int code) {
        return code == 502 ? AttemptFailed.Kind.FAILED : AttemptFailed.Kind.DECLINED;
    }

    private Flux<DataBuffer> events(Flux<DataBuffer> heard, Tally tally, int code) {
        WholeEvents whole = new WholeEvents(bufferFactory());
        // a worker that was not asked for notes makes none
        @Nullable StreamNotes notes =
                tally.counts() ? new StreamNotes(attempt.notes(tally), bufferFactory()) : null;
        Flux<DataBuffer> events =
                heard.handle((buffer, sink) -> {
                    DataBuffer next = whole.next(buffer);
                    DataBuffer stripped = next == null || notes == null ? next : notes.strip(next);
                    if (stripped != null) {
                        sink.next(stripped);
                    }
                });
        OpenDemand demand = demand(tally);
        // of an iterable: see decision 0244
        return Flux.concat(List.of(events, Mono.fromSupplier(whole::rest)))
                .doOnNext(part -> {
                    request.begin(part);
                    tally.streaming();
                    demand.given();
                    attempt.streams();
                    if (ErrorBodies.numbersEvents(named.path)) {
                        sent.add(part);
                    }
                    if (WholeEvents.isLast(part)) {
                        tally.whole(code);
                    }
                })
                .doOnRequest(demand::asked)
                .onErrorComplete(_ -> tally.isWhole()) // nothing was missing any more
                .onErrorResume(this::lastEvent);
    }

    private Flux<DataBuffer> other(
            Flux<DataBuffer> heard, Tally tally, int code, @Nullable TokenCount count) {
        AtomicLong missing = new AtomicLong(getHeaders().getContentLength());
        OpenDemand demand = demand(tally);
        return heard.doOnNext(
                        part -> {
                            request.begin(part);
                            demand.given();
                            // its worker has made all of it, however much the client takes
                            tell(tally, count);
                            // a client with all bytes need not wait for an end, and may leave
                            // before it
                            if (missing.addAndGet(-part.readableByteCount()) == 0) {
                                tally.whole(code);
                            }
                        })
                .doOnRequest(demand::asked)
                .doOnComplete(() -> {
                    tell(tally, count);
                    tally.whole(code);
                })
                .onErrorComplete(_ -> tally.isWhole())
                .onErrorMap(e -> request.begun() ? broken(e) : e);
    }

    private OpenDemand demand(Tally tally) {
        return new OpenDemand(
                System::nanoTime,
                () -> {
                    tally.keptWaiting();
                    attempt.keptWaiting();
                });
    }

    private static void tell(Tally tally, @Nullable TokenCount count) {
        if (count != null) {
            tally.told(count);
        }
    }

    /**
     * Removes and returns a header that the worker did not send for the client; empty if it isn't
     * there.
     */
    private String takeHeader(String name) {
        String value = getHeaders().getFirst(name);
        getHeaders().remove(name);
        return value == null ? "" : value;
    }

    private ApiException broken(Throwable failure) {
        ApiException error = AttemptFailed.toApi(failure);
        trace.failed(error.code().code());
        request.broken(error, failure, AttemptFailed.isSilence(failure));
        attempt.broke(failure);
        return error;
    }

    private Mono<DataBuffer> lastEvent(Throwable failure) {
        if (!request.begun()) {
            return Mono.error(failure);
        }
        ApiException error = broken(failure);
        return Mono.fromSupplier(() ->
                bufferFactory()
                        .wrap(ErrorBodies.event(error, named.path, named.id, sent.events())));
    }
}
