package dev.weft.inference.server.http;

import dev.weft.inference.server.completion.Usage;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code /v1/chat/completions} and {@code /v1/completions}. */
final class CompletionEndpoint {
    private static final MediaType EVENTS =
            new MediaType("text", "event-stream", StandardCharsets.UTF_8);

    private final ChatRequests chats;
    private final TextRequests texts;
    private final EngineBridge bridge;

    CompletionEndpoint(Serving serving, EngineBridge bridge) {
        this.chats = new ChatRequests(serving);
        this.texts = new TextRequests(serving);
        this.bridge = bridge;
    }

    Mono<ServerResponse> chat(ServerRequest request) {
        return RequestBody.of(request)
                .flatMap(body ->
                        bridge.blocking(() -> chats.read(body, adapter(request)))
                                .flatMap(prepared -> answer(prepared, body, request)));
    }

    Mono<ServerResponse> text(ServerRequest request) {
        return RequestBody.of(request)
                .flatMap(body ->
                        bridge.blocking(() -> texts.read(body, adapter(request)))
                                .flatMap(prepared -> answer(prepared, body, request)));
    }

    static @Nullable String adapter(ServerRequest request) {
        return request.headers().firstHeader(ModelDirectory.ADAPTER_HEADER);
    }

    private Mono<ServerResponse> answer(Prepared prepared, byte[] body, ServerRequest request) {
        CompletionTrace trace = TraceFilter.of(request.exchange());
        boolean stream = prepared.stream().wanted();
        trace.asked(prepared.model(), prepared.request(), stream);
        if (trace.content()) {
            trace.input(TracedContent.input(body));
        }
        return stream ? stream(prepared, trace) : whole(prepared, trace);
    }

    private Flux<AnswerEvent> generate(Prepared prepared, CompletionTrace trace) {
        return new TracedAnswer(prepared.request().choices(), trace)
                .watch(bridge.generate(prepared.request(), trace));
    }

    private Mono<ServerResponse> whole(Prepared prepared, CompletionTrace trace) {
        List<ChoiceResult> results =
                Stream.generate(ChoiceResult::new).limit(prepared.request().choices()).toList();
        return generate(prepared, trace)
                .doOnNext(event -> {
                    if (event instanceof AnswerEvent.Update(var update)) {
                        results.get(update.choice()).add(update);
                    }
                })
                .last()
                .map(last -> prepared.format().whole(results, usage(last)))
                .flatMap(json ->
                        ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .bodyValue(json));
    }

    private static Usage usage(AnswerEvent last) {
        return switch (last) {
            case AnswerEvent.Done(var usage) -> usage;
            case AnswerEvent.Update(var _) ->
                    throw new ApiException(ErrorCode.INTERNAL, "an answer ended before its end");
        };
    }

    /**
     * Nothing is sent before the first event: what fails until then is an ordinary error answer.
     * The response's own writer waits for it.
     */
    private Mono<ServerResponse> stream(Prepared prepared, CompletionTrace trace) {
        Flux<byte[]> frames =
                Flux.defer(() -> {
                    EventStream events =
                            new EventStream(prepared.format(), prepared.stream().usage());
                    return generate(prepared, trace)
                            .map(events::write)
                            .filter(frame -> frame.length > 0)
                            .onErrorResume(e ->
                                    events.begun()
                                            ? Mono.just(brokenOff(prepared, trace, e))
                                            : Mono.error(e));
                });
        return ServerResponse.ok()
                .contentType(EVENTS)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no")
                .body((response, _) ->
                        response.writeAndFlushWith(
                                frames.map(
                                        frame -> Mono.just(response.bufferFactory().wrap(frame)))));
    }

    private static byte[] brokenOff(Prepared prepared, CompletionTrace trace, Throwable error) {
        ApiException told = trace.within(() -> ErrorAnswers.toApi(error, prepared.request().id()));
        trace.failed(told.code());
        return EventStream.error(told);
    }
}
