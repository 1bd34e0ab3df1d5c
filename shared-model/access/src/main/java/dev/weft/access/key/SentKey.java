package dev.weft.access.key;

import dev.weft.protocol.error.AnthropicErrors;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where requests have their key: {@code Authorization: Bearer}, or {@code x-api-key}, as clients of
 * Anthropic's interface send it, on that interface's paths.
 */
public final class SentKey {
    private static final String HEADER = "x-api-key";

    private SentKey() {}

    /** Whether a request has a key, right or wrong. */
    public static boolean isIn(ServerHttpRequest request) {
        return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                || of(request).isPresent();
    }

    /** The key of a request that has it in a header of its own, and only there. */
    public static Optional<String> of(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return AnthropicErrors.areFor(request.getPath().value())
                        && !headers.containsHeader(HttpHeaders.AUTHORIZATION)
                ? Optional.ofNullable(headers.getFirst(HEADER)).filter(key -> !key.isBlank())
                : Optional.empty();
    }
}
