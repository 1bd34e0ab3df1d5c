package dev.weft.access;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Spring Security's chain as all services have it: nobody is remembered from one request to the
 * next, what no rule names is denied, and refusals are told in the service's own words.
 */
public final class AccessChain {
    private static final String DENIAL = AccessChain.class.getName() + ".denial";

    private final ReactiveAuthenticationManager tokens;
    private final ServiceCertificates certificates;
    private final ManagementDoor door;
    private final Refusals refusals;

    /**
     * Takes the door of the management port, which is a bean of the context's.
     *
     * @param tokens answers a {@code BearerTokenAuthenticationToken} with a {@link
     *     HolderAuthentication}; fails with an {@code AuthenticationServiceException} where nobody
     *     can tell
     * @param certificates say of connections that they are those of services
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

    /** With the {@link Holder} as principal. */
    public SecurityWebFilterChain build(
            ServerHttpSecurity http, Consumer<AuthorizeExchangeSpec> rules) {
        return build(http, rules, (holder, _) -> new HolderAuthentication(holder));
    }

    /**
     * With a principal of the service's own.
     *
     * @param rules what each address needs, in order; the first that matches counts
     * @param entry makes of a holder, who is known, and a request what handlers get
     */
    public SecurityWebFilterChain build(
            ServerHttpSecurity http,
            Consumer<AuthorizeExchangeSpec> rules,
            BiFunction<Holder, ServerWebExchange, Authentication> entry) {
        return http.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .csrf(ServerHttpSecurity.CsrfSpec::disable) // no cookie says who somebody is
                .headers(ServerHttpSecurity.HeaderSpec::disable) // of pages, and there are none
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .anonymous(ServerHttpSecurity.AnonymousSpec::disable)
                .addFilterAt(entrance(entry), SecurityWebFiltersOrder.AUTHENTICATION)
                .authorizeExchange(exchanges -> {
                    management(exchanges);
                    rules.accept(exchanges);
                    exchanges.anyExchange().access((_, context) -> nothing(context));
                })
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint((exchange, _) -> unknown(exchange))
                                .accessDeniedHandler((exchange, _) -> denied(exchange)))
                .build();
    }

    /** A rule's no, with its reason. */
    public static AuthorizationResult deny(AuthorizationContext context, Refusal refusal) {
        context.getExchange().getAttributes().put(DENIAL, refusal);
        return new AuthorizationDecision(false);
    }

    private static Mono<AuthorizationResult> nothing(AuthorizationContext context) {
        return Mono.just(
                deny(
                        context,
                        new Refusal(
                                Refusal.Kind.NOTHING_THERE,
                                "there is nothing at "
                                        + context.getExchange().getRequest().getPath())));
    }

    /**
     * Probes are for everybody, the rest of the actuator for services; and its port for it alone.
     */
    private void management(AuthorizeExchangeSpec exchanges) {
        exchanges.matchers(door::isElsewhere).access((_, context) -> nothing(context));
        exchanges.pathMatchers(HttpMethod.GET, Probes.LIVENESS, Probes.READINESS).permitAll();
        exchanges.pathMatchers("/actuator/**").hasAnyRole(Role.service.name(), Role.admin.name());
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
        Refusal refusal = exchange.getAttribute(DENIAL);
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
