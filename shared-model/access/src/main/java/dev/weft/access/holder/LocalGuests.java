package dev.weft.access.holder;

import org.springframework.web.server.ServerWebExchange;

/**
 * Lets programs of this machine in without a token, as a given holder, and nobody else. {@code
 * LocalRule} decides which requests are from such programs.
 */
public final class LocalGuests {
    private LocalGuests() {}

    /**
     * The holder for a program of this machine, at an API that changes things. A body must say that
     * it is JSON, which a page can't do.
     */
    public static Guests.Verdict local(ServerWebExchange exchange, Holder holder) {
        return judge(exchange, holder, true);
    }

    /**
     * The holder for a program of this machine, at an API that changes nothing and checks the type
     * of a body itself.
     */
    public static Guests.Verdict localReader(ServerWebExchange exchange, Holder holder) {
        return judge(exchange, holder, false);
    }

    private static Guests.Verdict judge(ServerWebExchange exchange, Holder holder, boolean typed) {
        return LocalRule.objection(exchange.getRequest(), typed)
                .<Guests.Verdict>map(Guests.Verdict.Stranger::new)
                .orElseGet(() -> new Guests.Verdict.Welcome(holder));
    }
}
