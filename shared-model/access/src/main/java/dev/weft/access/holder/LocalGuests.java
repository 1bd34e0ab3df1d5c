package dev.weft.access.holder;

import org.springframework.web.server.ServerWebExchange;

/**
 * Takes programs of this machine for a holder, and nobody else. An absence of tokens is no absence
 * of rules: {@code LocalRule} has to hold.
 */
public final class LocalGuests {
    private LocalGuests() {}

    /**
     * The holder for a program of this machine, at an API that changes things: a body must say that
     * it is JSON, which a page can't.
     */
    public static Guests.Verdict local(ServerWebExchange exchange, Holder holder) {
        return judge(exchange, holder, true);
    }

    /** The same at an API that answers only, and looks at the type of a body itself. */
    public static Guests.Verdict localReader(ServerWebExchange exchange, Holder holder) {
        return judge(exchange, holder, false);
    }

    private static Guests.Verdict judge(ServerWebExchange exchange, Holder holder, boolean typed) {
        return LocalRule.objection(exchange.getRequest(), typed)
                .<Guests.Verdict>map(Guests.Verdict.Stranger::new)
                .orElseGet(() -> new Guests.Verdict.Welcome(holder));
    }
}
