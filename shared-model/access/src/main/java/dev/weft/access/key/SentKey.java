package dev.weft.access.key;

import dev.weft.protocol.error.AnthropicErrors;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Where requests have their key: {@code Authorization: Bearer}, or {@code x-api-key}, as clients of
 * Anthropic's interface send it, on that interface's paths.
 */
public final class SentKey {
    private static final String HEADER = "x-api-key";
    private static final String ASKED = SentKey.class.getName();

    private static final ServerBearerTokenAuthenticationConverter BEARER =
            new ServerBearerTokenAuthenticationConverter();

    private SentKey() {}

    /** Whether a request has a key, right or wrong. */
    public static boolean isIn(ServerHttpRequest request) {
        return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                || of(request).isPresent();
    }

    /**
     * The question whose a request's key is, for a manager that tells a {@link
     * BearerTokenAuthenticationToken}'s holder; empty if the request has none. Fails if it is not
     * in the form of one. It is the same one whenever it is asked for.
     */
    public static Mono<Authentication> asked(ServerWebExchange exchange) {
        Authentication before = exchange.getAttribute(ASKED);
        return before != null
                ? Mono.just(before)
                : read(exchange).doOnNext(asked -> exchange.getAttributes().put(ASKED, asked));
    }

    private static Mono<Authentication> read(ServerWebExchange exchange) {
        return of(exchange.getRequest())
                .map(Mono::just)
                .orElseGet(() ->
                        BEARER.convert(exchange)
                                .map(asked -> ((BearerTokenAuthenticationToken) asked).getToken()))
                .map(AskedToken::new);
    }

    /** The key of a request that has it in a header of its own, and only there. */
    private static Optional<String> of(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return AnthropicErrors.areFor(request.getPath().value())
                        && !headers.containsHeader(HttpHeaders.AUTHORIZATION)
                ? Optional.ofNullable(headers.getFirst(HEADER)).filter(key -> !key.isBlank())
                : Optional.empty();
    }
}
