package dev.weft.gateway.access;

import dev.weft.access.ServiceAccess;
import dev.weft.access.SharedAccessConfiguration;
import dev.weft.access.holder.Role;
import dev.weft.access.holder.ServiceCertificates;
import dev.weft.access.management.ManagementDoor;
import dev.weft.access.refusal.ApiRefusals;
import dev.weft.access.refusal.Refusals;
import dev.weft.access.rule.AccessChain;
import dev.weft.access.rule.AccessRule;
import dev.weft.access.tls.ServiceTls;
import dev.weft.access.token.CatalogTokens;
import dev.weft.gateway.forward.RefusedRequests;
import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.protocol.feed.CatalogView;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import reactor.core.publisher.Mono;

/** Wires the check of who sends a request, and the rule of each address. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@Import(SharedAccessConfiguration.class)
public class AccessConfiguration {
    /** The roles whose requests gateways serve; services have other tasks. */
    private static final Set<Role> CLIENTS =
            EnumSet.of(Role.client, Role.viewer, Role.owner, Role.admin);

    @Bean
    CatalogTokens catalogTokens(
            ServiceAccess settings,
            Clock clock,
            LongSupplier nanos,
            ServiceTls tls,
            CatalogView view) {
        return settings.tokens(clock, nanos, tls, view);
    }

    @Bean
    ManagementDoor managementDoor(ServiceAccess settings) {
        return new ManagementDoor(new GatewayGuests(settings.keys(), settings.loopback()));
    }

    @Bean
    Refusals refusals(RefusedRequests refused) {
        return new ApiRefusals(refused::count);
    }

    @Bean
    SecurityWebFilterChain accessChain(
            ServerHttpSecurity http,
            CatalogTokens tokens,
            ServiceCertificates certificates,
            ManagementDoor door,
            Refusals refusals,
            RequestMetrics metrics) {
        return new AccessChain(timed(tokens, metrics), certificates, door, refusals)
                .build(http, AccessRule.of(CLIENTS, "/v1/**"));
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
