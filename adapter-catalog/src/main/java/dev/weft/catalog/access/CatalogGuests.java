package dev.weft.catalog.access;

import dev.weft.access.holder.Guests;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.LocalGuests;
import dev.weft.access.holder.Role;
import dev.weft.access.refusal.Refusal;
import dev.weft.catalog.token.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Treats programs of this machine as an admin as long as the catalog listens on loopback, no token
 * was ever made and no issuer is configured.
 */
final class CatalogGuests implements Guests {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogGuests.class);
    private static final Holder ANYBODY = new Holder(Holder.ANONYMOUS, Role.admin, null);
    private static final String ACTUATOR = "/actuator/";
    private static final String DESCRIPTION = "/openapi.json";
    private static final Verdict AWAY =
            new Verdict.Stranger(
                    new Refusal(
                            Refusal.Kind.UNAVAILABLE, "the catalog's database does not answer"));

    private final AccessOptions settings;
    private final Tokens tokens;
    private final Scheduler threads;

    /**
     * @param threads that may block
     */
    CatalogGuests(AccessOptions settings, Tokens tokens, Scheduler threads) {
        this.settings = settings;
        this.tokens = tokens;
        this.threads = threads;
    }

    /** Judges metrics and probes without the database, so they work while it doesn't. */
    @Override
    public Mono<Verdict> judge(ServerWebExchange exchange) {
        String path = exchange.getRequest().getPath().pathWithinApplication().value();
        if (path.startsWith(ACTUATOR) || path.equals(DESCRIPTION)) {
            return Mono.just(judge(exchange, tokens.anyKnown()));
        }
        return Mono.fromCallable(tokens::any)
                .subscribeOn(threads)
                .map(any -> judge(exchange, any))
                .onErrorResume(e -> {
                    LOG.error("the catalog can't tell whether a token is needed", e);
                    return Mono.just(AWAY);
                });
    }

    private Verdict judge(ServerWebExchange exchange, boolean anyToken) {
        if (settings.loopback() && settings.jwtIssuer() == null && !anyToken) {
            return LocalGuests.local(exchange, ANYBODY);
        }
        return new Verdict.Stranger(
                new Refusal(
                        Refusal.Kind.TOKEN_NEEDED,
                        anyToken || settings.jwtIssuer() != null
                                ? "a token is needed: Authorization: Bearer ..."
                                : "no token was made yet: 'weft tokens create' on this machine,"
                                        + " with the catalog's data folder, makes the first"));
    }
}
