package dev.weft.gateway.forward;

import dev.weft.gateway.error.Failures;
import dev.weft.gateway.forward.request.ClientLoop;
import dev.weft.gateway.forward.request.RequestIds;
import dev.weft.gateway.measure.Tally;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.sse.EventWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ChannelSendOperator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The response to a client that asks for a stream. If the answer is silent for too long, the
 * response begins without it: as an event stream with comments, so that nobody between client and
 * gateway takes the connection for dead. The answer follows, whichever attempt makes it; an error
 * that would have had a status becomes an event. If the answer begins in time, this passes
 * everything on. For one exchange, whose signals come one after the other, from any event-loop
 * thread.
 */
final class EarlyStream extends ServerHttpResponseDecorator {
    private static final byte[] COMMENT = new EventWriter(16).comment("waiting\n").toByteArray();

    /** Bytes of a worker's error that are read for its message; a longer one is not read. */
    private static final int LONGEST_ERROR = 64 << 10;

    private enum State {
        /** Nothing was sent. */
        SILENT,
        /** The answer is sent as it is. */
        ANSWERED,
        /** The stream has begun before its answer. */
        EARLY
    }

    private final Duration silence;
    private final Scheduler loop;
    private final Tally tally;
    private final String path;
    private final String request;
    private final AtomicReference<State> state = new AtomicReference<>(State.SILENT);
    private final Sinks.Empty<Void> written = Sinks.empty();

    /** The answer's headers, which come too late for the client. */
    private final HttpHeaders late = new HttpHeaders();

    private volatile @Nullable HttpStatusCode lateStatus;
    private volatile Sinks.One<Flux<DataBuffer>> next = Sinks.one();
    private volatile boolean over;

    /**
     * @param silence after which the stream begins by itself, and between its comments
     */
    EarlyStream(ServerWebExchange exchange, Duration silence, Tally tally) {
        super(exchange.getResponse());
        this.silence = silence;
        this.tally = tally;
        this.loop = ClientLoop.of(exchange.getRequest());
        this.path = exchange.getRequest().getPath().value();
        this.request = RequestIds.of(exchange);
    }

    /** Runs the function that makes the answer, with this as the response of its exchange. */
    Mono<Void> run(ServerWebExchange exchange, Function<ServerWebExchange, Mono<Void>> answer) {
        Mono<Void> made =
                answer.apply(exchange.mutate().response(this).build())
                        .onErrorResume(this::becomesEvent, this::asEvent)
                        .then(Mono.defer(this::end));
        Mono<Void> writes =
                Mono.delay(silence, loop)
                        .filter(_ -> state.compareAndSet(State.SILENT, State.EARLY))
                        .flatMap(_ -> write())
                        .doOnSuccess(_ -> written.tryEmitEmpty())
                        .then(Mono.never());
        return Mono.firstWithSignal(made, writes);
    }

    /**
     * True if the stream has begun early and the client is there to read an event. If the client
     * has left, the failure goes to whoever counts the request.
     */
    private boolean becomesEvent(Throwable failure) {
        return isEarly() && Failures.code(failure).isPresent();
    }

    private boolean isEarly() {
        return state.get() == State.EARLY;
    }

    private Mono<Void> write() {
        ServerHttpResponse client = getDelegate();
        client.getHeaders().forEach((name, values) -> late.addAll(name, values));
        client.setStatusCode(HttpStatus.OK);
        HttpHeaders headers = client.getHeaders();
        headers.remove(HttpHeaders.CONTENT_LENGTH); // of an answer that has only its head
        headers.setContentType(MediaType.TEXT_EVENT_STREAM);
        headers.setCacheControl("no-cache");
        headers.set("X-Accel-Buffering", "no");
        return client.writeWith(Flux.defer(this::waitThenPass).repeat(() -> !over));
    }

    /** Comments until an attempt has a body to send, then that body. */
    private Flux<DataBuffer> waitThenPass() {
        Sinks.One<Flux<DataBuffer>> coming = next;
        Flux<DataBuffer> comments =
                Flux.interval(Duration.ZERO, silence, loop)
                        .onBackpressureDrop()
                        .map(_ -> bufferFactory().wrap(COMMENT))
                        .takeUntilOther(coming.asMono());
        return Flux.concat(List.of(comments, coming.asMono().flatMapMany(Function.identity())));
    }

    /** Hands the writer the next body; completes once it is written, and fails if it fails. */
    private Mono<Void> pass(Flux<DataBuffer> body) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> passed = Sinks.empty();
            Sinks.Empty<Void> given = Sinks.empty();
            Sinks.One<Flux<DataBuffer>> now = next;
            Flux<DataBuffer> last =
                    body.takeUntilOther(given.asMono())
                            .doOnTerminate(() -> next = Sinks.one())
                            .doOnComplete(passed::tryEmitEmpty)
                            .doOnError(passed::tryEmitError)
                            .onErrorComplete(); // another attempt may follow
            Sinks.EmitResult _ = now.tryEmitValue(last);
            return passed.asMono().doOnCancel(given::tryEmitEmpty);
        });
    }

    private Mono<Void> end() {
        if (!isEarly()) {
            return Mono.empty();
        }
        over = true;
        Sinks.EmitResult _ = next.tryEmitValue(Flux.empty());
        return written.asMono();
    }

    /** The first event of the stream, and the only one. */
    private Mono<Void> asEvent(Throwable failure) {
        ApiException error = Failures.error(failure);
        tally.broken(error.code());
        return pass(Flux.just(bufferFactory().wrap(ErrorBodies.event(error, path, request, 0))));
    }

    /** An answer that has only its head, or fails before its first byte, has not begun. */
    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return new ChannelSendOperator<>(
                body, begun -> begins() ? super.writeWith(begun) : late(Flux.from(begun)));
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        throw new IllegalStateException("an answer is written with writeWith");
    }

    private boolean begins() {
        return state.compareAndSet(State.SILENT, State.ANSWERED) || state.get() == State.ANSWERED;
    }

    private Mono<Void> late(Flux<? extends DataBuffer> body) {
        HttpStatusCode status = lateStatus;
        if (status == null || !status.isError()) {
            return pass(Flux.from(body));
        }
        return DataBufferUtils.join(body, LONGEST_ERROR)
                .map(error -> WorkersError.read(status, error))
                .switchIfEmpty(Mono.fromSupplier(() -> WorkersError.unknown(status)))
                .onErrorResume(
                        DataBufferLimitException.class,
                        _ -> Mono.just(WorkersError.unknown(status)))
                .flatMap(this::asEvent);
    }

    @Override
    public Mono<Void> setComplete() {
        return isEarly() ? Mono.empty() : super.setComplete();
    }

    @Override
    public boolean setStatusCode(@Nullable HttpStatusCode status) {
        lateStatus = status;
        return isEarly() || super.setStatusCode(status);
    }

    @Override
    public @Nullable HttpStatusCode getStatusCode() {
        return isEarly() ? lateStatus : super.getStatusCode();
    }

    @Override
    public HttpHeaders getHeaders() {
        return isEarly() ? late : super.getHeaders();
    }

    /** An attempt that fails may be made again until bytes of an answer were sent. */
    @Override
    public boolean isCommitted() {
        return !isEarly() && super.isCommitted();
    }
}
