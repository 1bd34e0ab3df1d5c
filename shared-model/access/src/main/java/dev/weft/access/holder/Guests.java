package dev.weft.access.holder;

import dev.weft.access.refusal.Refusal;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Decides who a request without a valid token counts as. */
@FunctionalInterface
public interface Guests {
    /** The decision. */
    sealed interface Verdict {
        /** The request continues as if it were from that holder. */
        record Welcome(Holder holder) implements Verdict {}

        /** The request needs a token, or something else. */
        record Stranger(Refusal refusal) implements Verdict {}
    }

    /** Judges a request; never empty. */
    Mono<Verdict> judge(ServerWebExchange exchange);

    /**
     * True if tokens make no difference to a request: then nobody looks up whose token it has.
     * OpenAI's clients send one in any case.
     */
    default boolean ignoresTokens(ServerWebExchange exchange) {
        return false;
    }
}
