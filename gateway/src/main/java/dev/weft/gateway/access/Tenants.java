package dev.weft.gateway.access;

import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Tells whose a request is. */
public interface Tenants {
    /**
     * The tenant that a request is for.
     *
     * @return fails with an {@link dev.weft.model.error.ApiException}: {@code INVALID_API_KEY}
     *     where a token is needed and none that is valid was sent, {@code ACCESS_UNAVAILABLE} where
     *     that can't be told
     */
    Mono<String> of(HttpHeaders headers);
}
