package dev.weft.access.refusal;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Tells a client why it is refused, in the words of the service's API. */
@FunctionalInterface
public interface Refusals {
    /**
     * Writes the answer, or fails with the error that the service's own handler of errors writes.
     */
    Mono<Void> tell(ServerWebExchange exchange, Refusal refusal);
}
