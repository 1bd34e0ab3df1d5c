package dev.weft.access.rule;

import dev.weft.access.holder.Guests;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.ServiceCertificates;
import dev.weft.access.key.SentKey;
import dev.weft.access.refusal.Refusal;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Finds out whose a request is: by its token, else by its connection's certificate, else by the
 * rule for guests. An unknown sender is not refused here, since some addresses are for everybody.
 * The reason is kept in case a rule refuses.
 */
final class Entrance implements ServerAuthenticationConverter {
    private static final String REFUSAL = Refusal.class.getName();

    private final ReactiveAuthenticationManager tokens;
    private final ServiceCertificates certificates;
    private final Guests guests;
    private final BiFunction<Holder, ServerWebExchange, Authentication> entry;

    Entrance(
            ReactiveAuthenticationManager tokens,
            ServiceCertificates certificates,
            Guests guests,
            BiFunction<Holder, ServerWebExchange, Authentication> entry) {
        this.tokens = tokens;
        this.certificates = certificates;
        this.guests = guests;
        this.entry = entry;
    }

    /** Why a request has no holder; null if no reason is recorded. */
    static @Nullable Refusal refusal(ServerWebExchange exchange) {
        return exchange.getAttribute(REFUSAL);
    }

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        if (guests.ignoresTokens(exchange)) {
            return guest(exchange);
        }
        if (!SentKey.isIn(exchange.getRequest())) {
            return without(exchange);
        }
        return sent(exchange)
                .map(known -> Optional.of(entry.apply(known, exchange)))
                .defaultIfEmpty(Optional.empty())
                .flatMap(known -> known.map(Mono::just).orElseGet(() -> without(exchange)));
    }

    /** The holder of the request's token; empty if it has none. */
    private Mono<Holder> sent(ServerWebExchange exchange) {
        return SentKey.asked(exchange)
                .doOnNext(asked -> tellClient(asked, exchange))
                .flatMap(tokens::authenticate)
                .map(known -> ((HolderAuthentication) known).holder())
                .onErrorResume(
                        AuthenticationException.class,
                        e -> {
                            exchange.getAttributes().put(REFUSAL, refusal(e));
                            return Mono.empty();
                        });
    }

    /**
     * Tells the client's address to whoever looks the token up, who may have to know whose flood it
     * is.
     */
    private static void tellClient(Authentication asked, ServerWebExchange exchange) {
        InetSocketAddress client = exchange.getRequest().getRemoteAddress();
        if (asked instanceof AbstractAuthenticationToken token && client != null) {
            token.setDetails(client.getHostString());
        }
    }

    private Mono<Authentication> without(ServerWebExchange exchange) {
        return certificates
                .holder(exchange.getRequest().getSslInfo())
                .map(known -> Mono.just(entry.apply(known, exchange)))
                .orElseGet(() -> guest(exchange));
    }

    private Mono<Authentication> guest(ServerWebExchange exchange) {
        return guests.judge(exchange)
                .flatMap(verdict ->
                        switch (verdict) {
                            case Guests.Verdict.Welcome(Holder holder) ->
                                    Mono.just(entry.apply(holder, exchange));
                            case Guests.Verdict.Stranger(Refusal refusal) -> {
                                exchange.getAttributes().putIfAbsent(REFUSAL, refusal);
                                yield Mono.empty();
                            }
                        });
    }

    private static Refusal refusal(AuthenticationException e) {
        return e instanceof AuthenticationServiceException
                ? new Refusal(Refusal.Kind.UNAVAILABLE, String.valueOf(e.getMessage()))
                : new Refusal(Refusal.Kind.TOKEN_NEEDED, "the token is not valid");
    }
}
