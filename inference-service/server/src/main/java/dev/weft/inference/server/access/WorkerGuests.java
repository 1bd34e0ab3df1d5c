package dev.weft.inference.server.access;

import dev.weft.access.ServiceAccess;
import dev.weft.access.holder.Guests;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.LocalGuests;
import dev.weft.access.holder.Role;
import dev.weft.access.refusal.Refusal;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Admits any program of this machine, if the worker listens on loopback and keys are off. */
final class WorkerGuests implements Guests {
    private static final Holder LOCAL = new Holder(Holder.ANONYMOUS, Role.admin, null);
    private static final Verdict NO_TOKEN =
            new Verdict.Stranger(
                    new Refusal(
                            Refusal.Kind.TOKEN_NEEDED,
                            "This worker serves gateways: it needs a token of role service."
                                    + " Authorization: Bearer YOUR_TOKEN."));

    private final boolean open;

    WorkerGuests(ServiceAccess access) {
        this.open = access.loopback() && !access.keys();
    }

    @Override
    public boolean ignoresTokens(ServerWebExchange exchange) {
        return open;
    }

    @Override
    public Mono<Verdict> judge(ServerWebExchange exchange) {
        return Mono.just(open ? LocalGuests.localReader(exchange, LOCAL) : NO_TOKEN);
    }
}
