package dev.weft.access.rule;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.management.ManagementDoor;
import dev.weft.access.refusal.Refusal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Decides each request by the first rule that fits. A request that no rule fits is denied, as if
 * there were nothing at its address. One manager has all rules, since every request goes through
 * it: a list of the chain's own matchers would run Reactor operators for each matcher. Any thread.
 */
final class AccessRules implements ReactiveAuthorizationManager<AuthorizationContext> {
    private static final String DENIAL = AccessRules.class.getName() + ".denial";
    private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);
    private static final AuthorizationResult DENIED = new AuthorizationDecision(false);

    private final ManagementDoor door;
    private final List<AccessRule> rules;

    /**
     * @param door the management door, which leads only to the actuator
     */
    AccessRules(ManagementDoor door, List<AccessRule> rules) {
        this.door = door;
        this.rules = List.copyOf(rules);
    }

    /** Why a request was denied; null if its role was not enough, or its holder is unknown. */
    static @Nullable Refusal denial(ServerWebExchange exchange) {
        return exchange.getAttribute(DENIAL);
    }

    @Override
    public Mono<AuthorizationResult> authorize(
            Mono<Authentication> who, AuthorizationContext context) {
        ServerWebExchange exchange = context.getExchange();
        AccessRule rule = door.isElsewhere(exchange) ? null : find(exchange.getRequest());
        if (rule == null) {
            return Mono.just(
                    deny(
                            exchange,
                            new Refusal(
                                    Refusal.Kind.NOTHING_THERE,
                                    "there is nothing at " + exchange.getRequest().getPath())));
        }
        if (rule.isForEverybody()) {
            return Mono.just(GRANTED);
        }
        return who.map(known -> decide(((HolderAuthentication) known).holder(), rule, exchange))
                .defaultIfEmpty(DENIED);
    }

    private @Nullable AccessRule find(ServerHttpRequest request) {
        PathContainer path = request.getPath().pathWithinApplication();
        for (AccessRule rule : rules) {
            if (rule.fits(request, path)) {
                return rule;
            }
        }
        return null;
    }

    private static AuthorizationResult decide(
            Holder holder, AccessRule rule, ServerWebExchange exchange) {
        if (!rule.roles().contains(holder.role())) {
            return DENIED;
        }
        Optional<Refusal> refusal = rule.more().apply(holder, exchange);
        return refusal.isEmpty() ? GRANTED : deny(exchange, refusal.get());
    }

    private static AuthorizationResult deny(ServerWebExchange exchange, Refusal refusal) {
        exchange.getAttributes().put(DENIAL, refusal);
        return DENIED;
    }
}
