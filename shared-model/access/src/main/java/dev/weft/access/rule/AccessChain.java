package dev.weft.access.rule;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Role;
import dev.weft.access.holder.ServiceCertificates;
import dev.weft.access.management.ManagementDoor;
import dev.weft.access.refusal.Refusal;
import dev.weft.access.refusal.Refusals;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Spring Security's chain for all services. It remembers nobody from one request to the next,
 * denies addresses that no rule names, and reports refusals in the service's own words.
 */
public final class AccessChain {
    /** Probes are for everybody, the rest of the actuator for services. */
    private static final List<AccessRule> ACTUATOR =
            Stream.of(
                            List.of(
                                    AccessRule.everybody(HttpMethod.GET, Probes.LIVENESS),
                                    AccessRule.everybody(HttpMethod.GET, Probes.READINESS)),
                            AccessRule.of(EnumSet.of(Role.service, Role.admin), "/actuator/**"))
                    .flatMap(List::stream)
                    .toList();

    private final ReactiveAuthenticationManager tokens;
    private final ServiceCertificates certificates;
    private final ManagementDoor door;
    private final Refusals refusals;

    /**
     * Takes the door of the management port, which is a bean of the context.
     *
     * @param tokens answers a {@code BearerTokenAuthenticationToken} with a {@link
     *     HolderAuthentication}; fails with an {@code AuthenticationServiceException} if nobody can
     *     tell
     * @param certificates recognise the connections of services
     */
    public AccessChain(
            ReactiveAuthenticationManager tokens,
            ServiceCertificates certificates,
            ManagementDoor door,
            Refusals refusals) {
        this.tokens = tokens;
        this.certificates = certificates;
        this.door = door;
        this.refusals = refusals;
    }

    /** Builds the chain with the {@link Holder} as principal. */
    public SecurityWebFilterChain build(ServerHttpSecurity http, List<AccessRule> rules) {
        return build(http, rules, (holder, _) -> new HolderAuthentication(holder));
    }

    /**
     * Builds the chain with a principal of the service's own.
     *
     * @param rules the rule of each address, in order; the first that fits counts. Those of the
     *     actuator come before them
     * @param entry makes the handlers' principal from a known holder and a request
     */
    public SecurityWebFilterChain build(
            ServerHttpSecurity http,
            List<AccessRule> rules,
            BiFunction<Holder, ServerWebExchange, Authentication> entry) {
        List<AccessRule> all = new ArrayList<>(ACTUATOR);
        all.addAll(rules);
        return http.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .csrf(ServerHttpSecurity.CsrfSpec::disable) // no cookie identifies anybody
                .headers(ServerHttpSecurity.HeaderSpec::disable) // for pages, and there are none
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .anonymous(ServerHttpSecurity.AnonymousSpec::disable)
                .addFilterAt(entrance(entry), SecurityWebFiltersOrder.AUTHENTICATION)
                .authorizeExchange(
                        exchanges -> exchanges.anyExchange().access(new AccessRules(door, all)))
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint((exchange, _) -> unknown(exchange))
                                .accessDeniedHandler((exchange, _) -> denied(exchange)))
                .build();
    }

    private AuthenticationWebFilter entrance(
            BiFunction<Holder, ServerWebExchange, Authentication> entry) {
        var filter = new AuthenticationWebFilter((ReactiveAuthenticationManager) Mono::just);
        filter.setServerAuthenticationConverter(new Entrance(tokens, certificates, door, entry));
        filter.setSecurityContextRepository(NoOpServerSecurityContextRepository.getInstance());
        return filter;
    }

    private Mono<Void> unknown(ServerWebExchange exchange) {
        Refusal refusal = Entrance.refusal(exchange);
        return refusals.tell(
                exchange,
                refusal == null
                        ? new Refusal(Refusal.Kind.TOKEN_NEEDED, "a token is needed")
                        : refusal);
    }

    private Mono<Void> denied(ServerWebExchange exchange) {
        Refusal refusal = AccessRules.denial(exchange);
        if (refusal != null) {
            return refusals.tell(exchange, refusal);
        }
        return exchange.<Authentication>getPrincipal()
                .map(who -> (HolderAuthentication) who)
                .flatMap(who ->
                        refusals.tell(
                                exchange,
                                new Refusal(
                                        Refusal.Kind.ROLE_NOT_ENOUGH,
                                        "role '%s' of '%s' does not allow this"
                                                .formatted(who.holder().role(), who.getName()))));
    }
}
