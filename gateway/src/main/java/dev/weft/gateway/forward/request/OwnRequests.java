package dev.weft.gateway.forward.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Recognises requests by which Weft itself finds out whether it answers: they have the gateway's
 * own token in a header, which nobody else knows. They serve no client, so they are not counted.
 *
 * @param token of this gateway; null for none: then there are no such requests
 */
public record OwnRequests(@Nullable String token) {
    /**
     * The header with the token; like all of a client's {@code weft-} headers it goes no further.
     */
    static final String HEADER = "weft-uncounted";

    boolean include(ServerHttpRequest request) {
        String sent = token == null ? null : request.getHeaders().getFirst(HEADER);
        return token != null && sent != null && MessageDigest.isEqual(bytes(sent), bytes(token));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "OwnRequests[]";
    }
}
