package dev.weft.inference.server.http;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.http.body.AnswerBody;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.HeldAnswer;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.bridge.Blocking;
import dev.weft.inference.server.http.json.JsonDocument;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.http.request.TokenizeRequests;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

/** {@code /tokenize} and {@code /detokenize} as vLLM has them. */
final class TokenizeEndpoint {
    private final TokenizeRequests reader;
    private final int contextLength;
    private final ProcessMemory memory;

    TokenizeEndpoint(Serving serving, ProcessMemory memory) {
        this.reader = new TokenizeRequests(serving);
        this.memory = memory;
        this.contextLength = serving.encoder().budget().contextLength();
    }

    Mono<ServerResponse> tokenize(ServerRequest request) {
        return answer(
                request,
                (body, held) -> {
                    List<Integer> tokens =
                            reader.tokenize(body, CompletionEndpoint.adapter(request), held);
                    return json -> tokens(json, tokens);
                });
    }

    /** {@code /v1/messages/count_tokens}. */
    Mono<ServerResponse> count(ServerRequest request) {
        return answer(
                request,
                (body, held) -> {
                    int count = reader.counted(body, CompletionEndpoint.adapter(request), held);
                    return json -> json.writeNumberProperty("input_tokens", count);
                });
    }

    Mono<ServerResponse> detokenize(ServerRequest request) {
        return answer(
                request,
                (body, held) -> {
                    String text =
                            reader.detokenize(body, CompletionEndpoint.adapter(request), held);
                    return json -> json.writeStringProperty("prompt", text);
                });
    }

    /** Makes an answer's fields from a body; may block. */
    private interface Reading {
        Consumer<JsonGenerator> read(byte[] body, RequestMemory memory) throws InterruptedException;
    }

    private Mono<ServerResponse> answer(ServerRequest request, Reading reading) {
        return HeldAnswer.json(
                () -> RequestMemory.of(memory, request),
                (held, response) ->
                        BoundedBody.of(request, held)
                                .flatMap(body -> Blocking.run(() -> made(reading, body, held)))
                                .flatMap(answer -> answer.to(response)));
    }

    private static AnswerBody made(Reading reading, byte[] body, RequestMemory held)
            throws InterruptedException {
        Consumer<JsonGenerator> fields = reading.read(body, held);
        return AnswerBody.of(held, target -> JsonDocument.write(target, fields));
    }

    private void tokens(JsonGenerator json, List<Integer> tokens) {
        json.writeNumberProperty("count", tokens.size());
        json.writeNumberProperty("max_model_len", contextLength);
        json.writeArrayPropertyStart("tokens");
        tokens.forEach(json::writeNumber);
        json.writeEndArray();
    }
}
