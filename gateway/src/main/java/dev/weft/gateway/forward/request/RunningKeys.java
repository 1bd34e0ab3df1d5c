package dev.weft.gateway.forward.request;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.key.SentKey;
import dev.weft.access.token.CatalogTokens;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Watches the keys of requests that are being answered. A signed token can't be revoked: it is
 * checked only when its request comes. Any thread.
 */
public record RunningKeys(CatalogTokens tokens) {
    /**
     * Never completes; fails with the client's error once the request's key is revoked or has
     * ended. The key is watched while this is subscribed.
     */
    Mono<Void> lost(ServerWebExchange exchange, Holder holder) {
        HeldKey key = holder.key();
        return key == null || key.account() == 0
                ? Mono.never()
                : SentKey.asked(exchange)
                        .flatMap(tokens::lost)
                        .onErrorMap(InvalidBearerTokenException.class, _ -> notValid());
    }

    private static ApiException notValid() {
        return new ApiException(
                ErrorCode.INVALID_API_KEY, "The API key was revoked, or has ended.");
    }
}
