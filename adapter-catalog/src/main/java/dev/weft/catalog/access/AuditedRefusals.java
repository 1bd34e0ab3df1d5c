package dev.weft.catalog.access;

import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.refusal.Refusal;
import dev.weft.access.refusal.Refusals;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.database.DatabaseException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Writes to the audit log what a known holder was not allowed to change. An unknown caller leaves
 * only a line in the service's log; otherwise anybody could fill the audit log.
 */
final class AuditedRefusals implements Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(AuditedRefusals.class);
    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Refusals refusals;
    private final AuditLog log;
    private final Clock clock;
    private final Scheduler threads;

    /**
     * @param threads that may block
     */
    AuditedRefusals(Refusals refusals, AuditLog log, Clock clock, Scheduler threads) {
        this.refusals = refusals;
        this.log = log;
        this.clock = clock;
        this.threads = threads;
    }

    @Override
    public Mono<Void> tell(ServerWebExchange exchange, Refusal refusal) {
        boolean denied =
                switch (refusal.kind()) {
                    case ROLE_NOT_ENOUGH, NOT_ALLOWED -> true;
                    case SUSPICIOUS, TOKEN_NEEDED, NOTHING_THERE, CONTENT_TYPE, UNAVAILABLE ->
                            false;
                };
        Mono<Void> told = refusals.tell(exchange, refusal);
        return denied && !READING.contains(exchange.getRequest().getMethod())
                ? exchange.<Authentication>getPrincipal()
                        .flatMap(who -> note(exchange, refusal, (HolderAuthentication) who))
                        .then(told)
                : told;
    }

    private Mono<Void> note(ServerWebExchange exchange, Refusal refusal, HolderAuthentication who) {
        String what =
                exchange.getRequest().getMethod() + " " + exchange.getRequest().getPath().value();
        return Mono.<Void>fromRunnable(() ->
                        log.refused(
                                new Actor(who.getName()),
                                who.holder().tenantOrDefault(),
                                what,
                                refusal.detail(),
                                clock.instant().truncatedTo(ChronoUnit.MILLIS)))
                .subscribeOn(threads)
                .onErrorResume(
                        DatabaseException.class,
                        e -> {
                            LOG.warn("{} of '{}' is refused", what, who.getName(), e);
                            return Mono.empty();
                        });
    }
}
