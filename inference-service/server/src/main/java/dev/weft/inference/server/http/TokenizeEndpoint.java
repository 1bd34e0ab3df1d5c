package dev.weft.inference.server.http;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /tokenize} and {@code /detokenize} as vLLM has them. */
final class TokenizeEndpoint {
    private final TokenRequests reader;
    private final EngineBridge bridge;
    private final int contextLength;

    TokenizeEndpoint(Serving serving, EngineBridge bridge) {
        this.reader = new TokenRequests(serving);
        this.bridge = bridge;
        this.contextLength = serving.budget().contextLength();
    }

    Mono<ServerResponse> tokenize(ServerRequest request) {
        return RequestBody.of(request)
                .flatMap(body ->
                        bridge.blocking(
                                () -> reader.tokenize(body, CompletionEndpoint.adapter(request))))
                .flatMap(tokens -> json(tokens(tokens)));
    }

    Mono<ServerResponse> detokenize(ServerRequest request) {
        return RequestBody.of(request)
                .flatMap(body ->
                        bridge.blocking(
                                () -> reader.detokenize(body, CompletionEndpoint.adapter(request))))
                .flatMap(text ->
                        json(JsonDocument.of(out -> out.writeStringProperty("prompt", text))));
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
