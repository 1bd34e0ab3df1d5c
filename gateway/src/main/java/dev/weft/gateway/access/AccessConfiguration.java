package dev.weft.gateway.access;

import dev.weft.access.AccessChain;
import dev.weft.access.ApiRefusals;
import dev.weft.access.CatalogTokens;
import dev.weft.access.ExchangeFirewall;
import dev.weft.access.HandlerRules;
import dev.weft.access.Role;
import dev.weft.access.ServiceAccess;
import dev.weft.gateway.forward.RefusedRequests;
import dev.weft.gateway.measure.RequestMetrics;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.core.publisher.Mono;

/** Wires whose requests are, and what each address needs. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@Import(ExchangeFirewall.class)
public class AccessConfiguration {
    private static final String OURS = "dev.weft.gateway";

    /** Those whose requests gateways serve; services have other things to do. */
    private static final String[] CLIENTS = {
        Role.client.name(), Role.viewer.name(), Role.owner.name(), Role.admin.name()
    };

    @Bean
    CatalogTokens catalogTokens(ServiceAccess settings, Clock clock) {
        return settings.tokens(clock);
    }

    @Bean
    SecurityWebFilterChain accessChain(
            ServerHttpSecurity http,
            ServiceAccess settings,
            CatalogTokens tokens,
            RefusedRequests refused,
            RequestMetrics metrics,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
        HandlerRules rules = HandlerRules.of(handlers, OURS);
        return new AccessChain(
                        timed(tokens, metrics),
                        new GatewayGuests(settings.keys(), settings.loopback()),
                        new ApiRefusals(refused::count))
                .build(
                        http,
                        chain -> {
                            chain.pathMatchers(
                                            HttpMethod.GET,
                                            "/actuator/health/liveness",
                                            "/actuator/health/readiness")
                                    .permitAll();
                            chain.pathMatchers("/actuator/**")
                                    .hasAnyRole(Role.service.name(), Role.admin.name());
                            rules.apply(
                                    chain, (_, _) -> Mono.just(new AuthorizationDecision(true)));
                            chain.pathMatchers("/v1/**").hasAnyRole(CLIENTS);
                        });
    }

    private static ReactiveAuthenticationManager timed(
            ReactiveAuthenticationManager tokens, RequestMetrics metrics) {
        return asked ->
                Mono.defer(() -> {
                    long start = metrics.now();
                    return tokens.authenticate(asked)
                            .doOnNext(_ -> metrics.waitedForKey(metrics.now() - start));
                });
    }
}
