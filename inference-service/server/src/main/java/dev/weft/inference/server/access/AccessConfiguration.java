package dev.weft.inference.server.access;

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
import dev.weft.protocol.feed.CatalogView;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Configures who may use the worker, and what each address needs. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@Import(SharedAccessConfiguration.class)
public class AccessConfiguration {
    private static final Set<Role> SERVICES = EnumSet.of(Role.service, Role.admin);

    @Bean
    CatalogTokens catalogTokens(
            ServiceAccess access,
            Clock clock,
            LongSupplier nanos,
            ServiceTls tls,
            CatalogView view) {
        return access.tokens(clock, nanos, tls, view);
    }

    @Bean
    ManagementDoor managementDoor(ServiceAccess access) {
        return new ManagementDoor(new WorkerGuests(access));
    }

    @Bean
    Refusals refusals() {
        return new ApiRefusals((_, _) -> {});
    }

    @Bean
    SecurityWebFilterChain accessChain(
            ServerHttpSecurity http,
            CatalogTokens tokens,
            ServiceCertificates certificates,
            ManagementDoor door,
            Refusals refusals) {
        return new AccessChain(tokens, certificates, door, refusals)
                .build(
                        http,
                        AccessRule.of(
                                SERVICES,
                                "/v1/**",
                                "/tokenize",
                                "/detokenize",
                                "/metrics",
                                "/state/**"));
    }
}
