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
 * Reads the key of a request from {@code Authorization: Bearer}, or, on the paths of Anthropic's
 * interface, from {@code x-api-key}, as that interface's clients send it.
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
     * A request's key, as a {@link BearerTokenAuthenticationToken}: the question that a manager
     * answers with the key's holder. Empty if the request has no key. Fails if the key is
     * malformed. Later calls for the request return the same object.
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

    /**
     * The key in {@code x-api-key}, if the path allows it and there is no {@code Authorization}.
     */
    private static Optional<String> of(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return AnthropicErrors.areFor(request.getPath().value())
                        && !headers.containsHeader(HttpHeaders.AUTHORIZATION)
                ? Optional.ofNullable(headers.getFirst(HEADER)).filter(key -> !key.isBlank())
                : Optional.empty();
    }
}
