package dev.weft.access.holder;

import dev.weft.access.refusal.Refusal;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Says what a request is taken for that brings no valid token. */
@FunctionalInterface
public interface Guests {
    /** What came of it. */
    sealed interface Verdict {
        /** It goes on as if it were from that holder. */
        record Welcome(Holder holder) implements Verdict {}

        /** It needs a token, or something else. */
        record Stranger(Refusal refusal) implements Verdict {}
    }

    /** Judges a request; never empty. */
    Mono<Verdict> judge(ServerWebExchange exchange);

    /**
     * Tokens make no difference to a request: clients of OpenAI's send one in any case. Nobody is
     * asked then whose it is.
     */
    default boolean ignoresTokens(ServerWebExchange exchange) {
        return false;
    }
}
