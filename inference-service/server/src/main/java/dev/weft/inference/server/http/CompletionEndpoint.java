package dev.weft.inference.server.http;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.http.body.AnswerBody;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.HeldAnswer;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.bridge.Blocking;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.bridge.TimeBound;
import dev.weft.inference.server.http.format.AnswerEvent;
import dev.weft.inference.server.http.format.AnswerFormat;
import dev.weft.inference.server.http.format.ChoiceResult;
import dev.weft.inference.server.http.format.EventStream;
import dev.weft.inference.server.http.outcome.ErrorAnswers;
import dev.weft.inference.server.http.outcome.RequestIdFilter;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.http.outcome.TracedAnswer;
import dev.weft.inference.server.http.outcome.TracedContent;
import dev.weft.inference.server.http.request.ChatRequests;
import dev.weft.inference.server.http.request.Prepared;
import dev.weft.inference.server.http.request.PromptRequests;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.Faults;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code /v1/chat/completions}, {@code /v1/completions}, {@code /v1/messages} and {@code
 * /v1/responses}.
 */
final class CompletionEndpoint {
    private static final MediaType EVENTS =
            new MediaType("text", "event-stream", StandardCharsets.UTF_8);

    private final ChatRequests chats;
    private final PromptRequests texts;
    private final EngineBridge bridge;
    private final ProcessMemory memory;

    CompletionEndpoint(Serving serving, EngineBridge bridge, ProcessMemory memory) {
        this.chats = new ChatRequests(serving);
        this.texts = new PromptRequests(serving);
        this.bridge = bridge;
        this.memory = memory;
    }

    Mono<ServerResponse> chat(ServerRequest request) {
        return answer(
                request, (body, memory) -> chats.chat(body, Sender.of(request.headers()), memory));
    }

    Mono<ServerResponse> message(ServerRequest request) {
        return answer(
                request,
                (body, memory) -> chats.message(body, Sender.of(request.headers()), memory));
    }

    Mono<ServerResponse> response(ServerRequest request) {
        return answer(
                request,
                (body, memory) -> chats.response(body, Sender.of(request.headers()), memory));
    }

    Mono<ServerResponse> text(ServerRequest request) {
        return answer(request, (body, _) -> texts.read(body, Sender.of(request.headers())));
    }

    /** Makes a request from its body; may block. */
    private interface Reading {
        Prepared read(byte[] body, RequestMemory memory) throws InterruptedException;
    }

    private Mono<ServerResponse> answer(ServerRequest request, Reading reading) {
        TimeBound time = TimeBound.begin(request.headers());
        return Mono.using(
                        () -> RequestMemory.of(memory, request),
                        held ->
                                BoundedBody.of(request, held)
                                        .flatMap(body -> read(request, reading, body, held)),
                        RequestMemory::close)
                .flatMap(prepared -> answer(prepared, time, request));
    }

    private Mono<Prepared> read(
            ServerRequest request, Reading reading, byte[] body, RequestMemory held) {
        return Blocking.run(() -> reading.read(body, held))
                .doOnNext(prepared -> traced(prepared, body, request));
    }

    private static void traced(Prepared prepared, byte[] body, ServerRequest request) {
        CompletionTrace trace = TraceFilter.of(request.exchange());
        trace.asked(prepared.model(), prepared.request(), prepared.stream().wanted());
        if (trace.content()) {
            trace.input(TracedContent.input(body));
        }
    }

    static @Nullable String adapter(ServerRequest request) {
        return request.headers().firstHeader(ModelDirectory.ADAPTER_HEADER);
    }

    /** Whether a gateway asks for notes, by which it counts what its clients are told. */
    private static boolean asksForNotes(ServerRequest.Headers headers) {
        return AnswerNotes.ASKED.equals(headers.firstHeader(AnswerNotes.ASK));
    }

    private Mono<ServerResponse> answer(Prepared prepared, TimeBound time, ServerRequest request) {
        CompletionTrace trace = TraceFilter.of(request.exchange());
        boolean notes = asksForNotes(request.headers());
        Function<RequestMemory, Flux<AnswerEvent>> events =
                held -> time.hold(generate(prepared, trace, held));
        if (!prepared.stream().wanted()) {
            return HeldAnswer.json(
                    () -> RequestMemory.of(memory, prepared.request()),
                    (held, response) ->
                            whole(prepared, events.apply(held))
                                    .flatMap(answer -> answer.write(held, notes, response)));
        }
        return stream(
                prepared,
                Flux.using(
                        () -> RequestMemory.of(memory, prepared.request()),
                        events,
                        RequestMemory::close),
                notes,
                request);
    }

    private Flux<AnswerEvent> generate(
            Prepared prepared, CompletionTrace trace, RequestMemory held) {
        held.take(prepared.format().heldBytes());
        Flux<AnswerEvent> events =
                bridge.generate(
                        prepared.request(), trace, held.claim(), !prepared.stream().wanted());
        return new TracedAnswer(prepared.request().choices().count(), trace).watch(events);
    }

    private static Mono<Whole> whole(Prepared prepared, Flux<AnswerEvent> events) {
        List<ChoiceResult> results =
                Stream.generate(ChoiceResult::new)
                        .limit(prepared.request().choices().count())
                        .toList();
        return events.doOnNext(
                        event -> {
                            if (event instanceof AnswerEvent.Update(var update, var _)) {
                                results.get(update.choice()).add(update);
                            }
                        })
                .last()
                .map(last -> new Whole(prepared.format(), results, usage(last)));
    }

    /** An answer in one piece. */
    private record Whole(AnswerFormat format, List<ChoiceResult> results, Usage usage) {
        Mono<Void> write(RequestMemory held, boolean notes, ServerHttpResponse response) {
            AnswerBody body = AnswerBody.of(held, target -> format.whole(results, usage, target));
            if (notes) {
                note(response.getHeaders());
            }
            return body.to(response);
        }

        private void note(HttpHeaders headers) {
            TokenCount count =
                    new TokenCount(usage.promptTokens(), usage.completionTokens(), results.size());
            headers.set(AnswerNotes.USAGE, count.text());
            if (usage.cachedTokens() > 0) {
                headers.set(AnswerNotes.CACHED, String.valueOf(usage.cachedTokens()));
            }
        }
    }

    private static Usage usage(AnswerEvent last) {
        return switch (last) {
            case AnswerEvent.Done(var usage) -> usage;
            case AnswerEvent.Update(var _, var _) ->
                    throw new ApiException(ErrorCode.INTERNAL, "an answer ended before its end");
        };
    }

    /**
     * Streams an answer. Nothing is sent before the first event, so a failure until then is an
     * ordinary error answer. The response's own writer waits for that event. Netty flushes what it
     * has written when nothing more is there. Events are not written in groups that are each
     * flushed, since that puts a concat around every group. A concat loses demand that comes while
     * it goes on to its next part (FluxConcatArray of reactor-core 3.8.8), and the answer then
     * never ends.
     */
    private Mono<ServerResponse> stream(
            Prepared prepared, Flux<AnswerEvent> answer, boolean notes, ServerRequest request) {
        Flux<byte[]> frames =
                Flux.defer(() -> {
                    EventStream events =
                            new EventStream(
                                    prepared.format().stream(),
                                    notes,
                                    prepared.request().choices().count());
                    return answer.map(within(events::write))
                            .filter(frame -> frame.length > 0)
                            .onErrorResume(e ->
                                    events.begun()
                                            ? Mono.just(brokenOff(events, prepared, request, e))
                                            : Mono.error(e));
                });
        return ServerResponse.ok()
                .contentType(EVENTS)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no")
                .body((response, _) ->
                        response.writeWith(
                                frames.map(frame -> response.bufferFactory().wrap(frame))));
    }

    /** Catches errors that Reactor would throw out of the operator, so that nobody would answer. */
    private static <T, R> Function<T, R> within(Function<T, R> step) {
        return event -> {
            try {
                return step.apply(event);
            } catch (Error e) {
                throw Faults.ofRequest(e);
            }
        };
    }

    private static byte[] brokenOff(
            EventStream events, Prepared prepared, ServerRequest request, Throwable error) {
        CompletionTrace trace = TraceFilter.of(request.exchange());
        ApiException told = trace.within(() -> ErrorAnswers.toApi(error, prepared.request().id()));
        trace.failed(told.code());
        return events.error(told, RequestIdFilter.of(request.exchange()));
    }
}
