package dev.weft.inference.server.http.relay;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.call.FastApiError;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerReply;
import dev.weft.inference.relay.host.RelayTarget;
import dev.weft.inference.relay.splice.RelayAnswer;
import dev.weft.inference.relay.splice.RelayRequest;
import dev.weft.inference.relay.splice.RelayStream;
import dev.weft.inference.server.completion.EngineFailures;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.bridge.Blocking;
import dev.weft.inference.server.http.outcome.ErrorAnswers;
import dev.weft.inference.server.http.outcome.RequestIdFilter;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.models.ResolvedModel;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorBodies;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.AnswerNotes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One request on its way to the server and back. */
final class RelayedCall {
    /** A longer answer takes so long to read that it isn't done on an event loop. */
    private static final int LONG_ANSWER = 1 << 20;

    /** Longest wait for a server that has just gone: it may be back at once. */
    private static final Duration COMES_BACK = Duration.ofSeconds(2);

    /** Longest look at a server; a server that answers takes milliseconds. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final String ADAPTER_UNKNOWN = "the server has forgotten the adapter";

    private final RelayEndpoint.Beside beside;
    private final RelayEndpoint.Serves serves;
    private final RelayEndpoint.Patience patience;
    private final RequestMemory memory;
    private final ServerRequest request;
    private final ServerHttpResponse response;
    private final CompletionTrace trace;
    private final String path;
    private final boolean notes;
    private final long arrived = System.nanoTime();
    private final RequestTimes times;

    RelayedCall(
            RelayEndpoint.Beside beside,
            RelayEndpoint.Serves serves,
            RelayEndpoint.Patience patience,
            RequestMemory memory,
            ServerRequest request,
            ServerHttpResponse response) {
        this.beside = beside;
        this.serves = serves;
        this.patience = patience;
        this.memory = memory;
        this.request = request;
        this.response = response;
        this.trace = TraceFilter.of(request.exchange());
        this.path = request.path();
        this.notes = AnswerNotes.ASKED.equals(request.headers().firstHeader(AnswerNotes.ASK));
        // a request that only tokenises gets no answer of the model, as with an engine of the
        // worker's own
        this.times =
                RelayRoutes.runsModel(path) ? trace.times(serves.times()) : RequestTimes.IGNORED;
    }

    /** Seconds since the request has arrived. */
    private double seconds() {
        return (System.nanoTime() - arrived) / 1e9;
    }

    Mono<Void> answer(byte[] body) {
        Dialect dialect = beside.dialect();
        RelayRequest asked = RelayRequest.read(body, dialect.refused(), dialect.opensFiles());
        Sender sender = Sender.of(request.headers());
        ResolvedModel model = serves.models().resolve(asked.model(), sender.adapter());
        trace.relayed(model, asked.streams());
        AdapterDigest adapter = model.adapter();
        if (adapter == null) {
            times.queued(null, seconds());
            return exchange(new Asked(asked, null, Optional.empty(), sender.tenant()), true);
        }
        RelayRoutes.checkAdapter(path, dialect);
        return Mono.defer(() -> {
            LeaseHolder holder = new LeaseHolder();
            return Blocking.run(() -> leased(asked, sender.tenant(), adapter, holder))
                    .flatMap(leased -> exchange(leased, true))
                    .doFinally(_ -> holder.close());
        });
    }

    /**
     * A request, with its adapter (null for the base) in a slot.
     *
     * @param template that the adapter brings
     */
    private record Asked(
            RelayRequest request,
            @Nullable AdapterDigest adapter,
            Optional<String> template,
            String tenant) {}

    private Asked leased(
            RelayRequest asked, String tenant, AdapterDigest adapter, LeaseHolder holder)
            throws InterruptedException {
        trace.adapterAsked();
        Deadline deadline = Deadline.after(patience.adapter());
        try {
            var lease = serves.leases().lease(tenant, adapter, deadline);
            holder.take(lease);
            trace.adapterLeased(lease.arrival());
            beside.host().settle(adapter);
            times.queued(adapter, seconds());
            return new Asked(asked, adapter, template(asked, adapter, deadline), tenant);
        } catch (ApiException e) {
            trace.adapterMissed(e.code());
            throw e;
        } catch (EngineException e) {
            ApiException told = notBack(e);
            trace.adapterMissed(told.code());
            throw told;
        }
    }

    private Optional<String> template(RelayRequest asked, AdapterDigest adapter, Deadline deadline)
            throws InterruptedException {
        boolean takes = RelayRoutes.takesTemplate(path, asked.chats());
        boolean others = RelayRoutes.rendersTheBases(path);
        if (!takes && !others) {
            return Optional.empty();
        }
        Optional<String> own = serves.templates().of(adapter, asked.hasTools(), deadline);
        if (own.isPresent() && others) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "The adapter brings a chat template, and the server beside the worker renders"
                            + " the base's at "
                            + path
                            + ": ask /v1/chat/completions.",
                    "model");
        }
        return own;
    }

    /** The next step after an exchange. */
    private enum Next {
        DONE,
        LOAD_AGAIN
    }

    private Mono<Void> exchange(Asked asked, boolean mayTryAgain) {
        boolean applies = beside.dialect().appliesAdapters(path);
        RelayTarget named = beside.host().target(applies ? asked.adapter() : null);
        RelayTarget target = asked.template().map(named::withTemplate).orElse(named);
        boolean usage = RelayRoutes.tellsUsageOnRequest(path);
        boolean salts = RelayRoutes.runsModel(path) && beside.salted().takes(path);
        String salt = salts ? serves.salt().of(asked.tenant(), asked.request().salt()) : null;
        byte[] body = asked.request().to(target, usage, salt);
        return beside.connection()
                .post(
                        path,
                        body,
                        request.exchange().getRequest(),
                        trace,
                        answer -> taken(answer, asked, target, mayTryAgain))
                .onErrorMap(ServerConnection::isSilence, this::silent)
                .onErrorResume(
                        RelayFailures::isLost,
                        e ->
                                mayTryAgain && !response.isCommitted()
                                        ? comesBack().thenReturn(Next.LOAD_AGAIN)
                                        : Mono.error(RelayFailures.gone(e)))
                .flatMap(next -> next == Next.DONE ? Mono.<Void>empty() : again(asked));
    }

    private Mono<Boolean> comesBack() {
        return Blocking.run(() -> beside.watch().looksAgain(COMES_BACK));
    }

    private Mono<Void> again(Asked asked) {
        AdapterDigest adapter = asked.adapter();
        Mono<Boolean> loaded =
                adapter == null
                        ? Mono.just(true)
                        : Blocking.run(() -> {
                            beside.host().restore(adapter);
                            return true;
                        });
        return loaded.onErrorMap(RuntimeException.class, RelayedCall::notBack)
                .then(Mono.defer(() -> exchange(asked, false)));
    }

    /** The error if the server does not have the adapter that was in a slot. */
    private static ApiException notBack(Throwable e) {
        return e instanceof EngineException refused
                        && refused.reason() == EngineException.Cause.INVALID_ADAPTER
                ? EngineFailures.toApi(refused)
                : RelayFailures.gone(e);
    }

    private Mono<Next> taken(
            ClientResponse answer, Asked asked, RelayTarget target, boolean mayTryAgain) {
        RelayAnswer names =
                new RelayAnswer(
                        target.model(),
                        asked.request().model(),
                        beside.dialect().messagesTellWholeInput());
        MediaType type = answer.headers().contentType().orElse(MediaType.APPLICATION_JSON);
        if (!answer.statusCode().is2xxSuccessful()) {
            return whole(answer).flatMap(body -> refused(answer, asked, names, body, mayTryAgain));
        }
        return MediaType.TEXT_EVENT_STREAM.isCompatibleWith(type)
                ? stream(answer, asked, names).thenReturn(Next.DONE)
                : whole(answer)
                        .flatMap(body -> read(names, body))
                        .flatMap(told -> told(answer, told));
    }

    private Mono<byte[]> whole(ClientResponse answer) {
        return new WholeAnswer(RelayRoutes.longestAnswer(path), memory)
                .of(answer.bodyToFlux(DataBuffer.class));
    }

    private static Mono<RelayAnswer.Told> read(RelayAnswer names, byte[] body) {
        return body.length > LONG_ANSWER
                ? Blocking.run(() -> names.whole(body))
                : Mono.just(names.whole(body));
    }

    private Mono<Next> told(ClientResponse answer, RelayAnswer.Told told) {
        told.count()
                .ifPresent(count -> {
                    trace.counted(count);
                    if (notes) {
                        response.getHeaders().set(AnswerNotes.USAGE, count.text());
                    }
                });
        return write(answer, told.body())
                .doOnSuccess(_ -> {
                    new StreamTimes(times, arrived).answered(told.ends());
                    trace.passedOn();
                })
                .thenReturn(Next.DONE);
    }

    private Mono<Next> refused(
            ClientResponse answer,
            Asked asked,
            RelayAnswer names,
            byte[] body,
            boolean mayTryAgain) {
        ServerReply reply =
                new ServerReply(
                        answer.statusCode().value(), new String(body, StandardCharsets.UTF_8));
        if (asked.adapter() != null && beside.dialect().forgot(reply)) {
            return mayTryAgain
                    ? Mono.just(Next.LOAD_AGAIN)
                    : Mono.error(new ApiException(ErrorCode.ADAPTER_UNAVAILABLE, ADAPTER_UNKNOWN));
        }
        if (reply.status() == 404 && !reply.text().contains("error")) {
            return Mono.error(
                    new ApiException(
                            ErrorCode.NOT_FOUND,
                            "The server beside the worker does not serve " + path + "."));
        }
        if (answer.statusCode().is5xxServerError()) {
            String why =
                    new String(
                            names.error(reply.quoted().getBytes(StandardCharsets.UTF_8)),
                            StandardCharsets.UTF_8);
            return Blocking.run(() -> beside.watch().isWell(LOOK))
                    .flatMap(well ->
                            Mono.error(RelayFailures.failed(answer.statusCode(), why, well)));
        }
        ErrorCode code = RelayFailures.code(answer.statusCode());
        trace.failed(code);
        if (notes) {
            response.getHeaders().set(AnswerNotes.ERROR, code.code());
        }
        byte[] told = FastApiError.message(reply.text()).map(it -> error(code, it)).orElse(body);
        return write(answer, names.error(told)).thenReturn(Next.DONE);
    }

    private byte[] error(ErrorCode code, String message) {
        return ErrorBodies.of(
                new ApiException(code, message), path, RequestIdFilter.of(request.exchange()));
    }

    private Mono<Void> write(ClientResponse answer, byte[] body) {
        response.setStatusCode(answer.statusCode());
        response.getHeaders()
                .setContentType(answer.headers().contentType().orElse(MediaType.APPLICATION_JSON));
        response.getHeaders().setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    private Mono<Void> stream(ClientResponse answer, Asked asked, RelayAnswer names) {
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(answer.headers().contentType().orElse(MediaType.TEXT_EVENT_STREAM));
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.set("X-Accel-Buffering", "no");
        boolean each =
                asked.request().wantsUsageInEachEvent() || !RelayRoutes.tellsUsageOnRequest(path);
        RelayStream stream =
                new RelayStream(
                        names,
                        new RelayStream.Wanted(
                                asked.request().wantsUsage(),
                                each,
                                notes,
                                asked.request().choices()),
                        memory::take);
        StreamTimes told = new StreamTimes(times, arrived);
        Flux<byte[]> events =
                answer.bodyToFlux(DataBuffer.class)
                        .onErrorMap(ServerConnection::isSilence, this::silent)
                        .map(piece -> passed(piece, stream, told))
                        .filter(frame -> frame.length > 0);
        Flux<byte[]> frames =
                // of an iterable: see decision 0244
                Flux.concat(List.of(events, Flux.defer(() -> over(stream))))
                        .onErrorResume(e ->
                                told.begun() ? Mono.just(brokenOff(e, stream)) : Mono.error(e));
        return response.writeWith(frames.map(response.bufferFactory()::wrap))
                .doOnSuccess(_ -> judge(stream, told))
                // before the signal goes on: the span ends with it
                .doOnTerminate(() -> count(stream))
                .doOnCancel(() -> count(stream));
    }

    private void count(RelayStream stream) {
        stream.count().ifPresent(trace::counted);
    }

    /**
     * The bytes that the client gets for a piece. Only data is a sign of life: a server that hangs
     * may still send comments.
     */
    private byte[] passed(DataBuffer piece, RelayStream stream, StreamTimes told) {
        long before = stream.events();
        byte[] frame = stream.take(BoundedBody.bytes(piece));
        boolean data = stream.events() > before;
        if (data) {
            beside.connection().heard();
        }
        if (frame.length > 0) {
            told.passed(data);
        }
        return frame;
    }

    private void judge(RelayStream stream, StreamTimes told) {
        if (stream.failed()) {
            trace.failed(ErrorCode.WORKER_FAILED);
        } else if (stream.ended()) {
            told.answered(stream.ends());
            trace.passedOn();
        }
    }

    private static Flux<byte[]> over(RelayStream stream) {
        return stream.ended()
                ? Flux.empty()
                : Flux.error(
                        new ApiException(
                                ErrorCode.WORKER_FAILED,
                                "The server beside the worker ended the stream before the answer's"
                                        + " end"));
    }

    private ApiException silent(Throwable cause) {
        return RelayFailures.silent(patience.silence(), cause);
    }

    private byte[] brokenOff(Throwable error, RelayStream stream) {
        beside.watch().wake();
        Throwable told = error instanceof ApiException ? error : RelayFailures.gone(error);
        ApiException api = trace.within(() -> ErrorAnswers.toApi(told, path));
        trace.failed(api.code());
        byte[] event =
                ErrorBodies.event(
                        api, path, RequestIdFilter.of(request.exchange()), stream.events());
        if (!notes) {
            return event;
        }
        byte[] note = AnswerNotes.errorLine(api.code());
        byte[] both = Arrays.copyOf(note, note.length + event.length);
        System.arraycopy(event, 0, both, note.length, event.length);
        return both;
    }
}
