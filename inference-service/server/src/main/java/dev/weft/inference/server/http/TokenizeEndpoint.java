package dev.weft.inference.server.http;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.json.JsonDocument;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.http.request.TokenizeRequests;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /tokenize} and {@code /detokenize} as vLLM has them. */
final class TokenizeEndpoint {
    private final TokenizeRequests reader;
    private final EngineBridge bridge;
    private final int contextLength;
    private final ProcessMemory memory;

    TokenizeEndpoint(Serving serving, EngineBridge bridge) {
        this.reader = new TokenizeRequests(serving);
        this.bridge = bridge;
        this.memory = bridge.memory();
        this.contextLength = serving.encoder().budget().contextLength();
    }

    Mono<ServerResponse> tokenize(ServerRequest request) {
        return read(
                        request,
                        (body, held) ->
                                reader.tokenize(body, CompletionEndpoint.adapter(request), held))
                .flatMap(tokens -> json(tokens(tokens)));
    }

    /** {@code /v1/messages/count_tokens}. */
    Mono<ServerResponse> count(ServerRequest request) {
        return read(
                        request,
                        (body, held) ->
                                reader.counted(body, CompletionEndpoint.adapter(request), held))
                .flatMap(count ->
                        json(
                                JsonDocument.of(
                                        out -> out.writeNumberProperty("input_tokens", count))));
    }

    Mono<ServerResponse> detokenize(ServerRequest request) {
        return read(
                        request,
                        (body, _) -> reader.detokenize(body, CompletionEndpoint.adapter(request)))
                .flatMap(text ->
                        json(JsonDocument.of(out -> out.writeStringProperty("prompt", text))));
    }

    /** Makes an answer from a body; may block. */
    private interface Reading<T> {
        T read(byte[] body, RequestMemory memory) throws InterruptedException;
    }

    private <T> Mono<T> read(ServerRequest request, Reading<T> reading) {
        return Mono.using(
                () -> RequestMemory.of(memory, request),
                held ->
                        BoundedBody.of(request, held)
                                .flatMap(body -> bridge.blocking(() -> reading.read(body, held))),
                RequestMemory::close);
    }

    private byte[] tokens(List<Integer> tokens) {
        return JsonDocument.of(json -> {
            json.writeNumberProperty("count", tokens.size());
            json.writeNumberProperty("max_model_len", contextLength);
            json.writeArrayPropertyStart("tokens");
            tokens.forEach(json::writeNumber);
            json.writeEndArray();
        });
    }

    private static Mono<ServerResponse> json(byte[] body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(body);
    }
}
