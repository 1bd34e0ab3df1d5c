package dev.weft.inference.server.access;

import dev.weft.access.AccessChain;
import dev.weft.access.ApiRefusals;
import dev.weft.access.CatalogTokens;
import dev.weft.access.ExchangeFirewall;
import dev.weft.access.Role;
import dev.weft.access.ServiceAccess;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Wires who may use the worker, and what each address needs. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@Import(ExchangeFirewall.class)
public class AccessConfiguration {
    private static final String[] SERVICES = {Role.service.name(), Role.admin.name()};

    @Bean
    CatalogTokens catalogTokens(ServiceAccess access, Clock clock) {
        return access.tokens(clock);
    }

    @Bean
    SecurityWebFilterChain accessChain(
            ServerHttpSecurity http, ServiceAccess access, CatalogTokens tokens) {
        return new AccessChain(tokens, new WorkerGuests(access), new ApiRefusals((_, _) -> {}))
                .build(
                        http,
                        chain -> {
                            chain.pathMatchers(
                                            HttpMethod.GET,
                                            "/actuator/health/liveness",
                                            "/actuator/health/readiness")
                                    .permitAll();
                            chain.pathMatchers("/actuator/**", "/metrics").hasAnyRole(SERVICES);
                            chain.pathMatchers("/v1/**", "/tokenize", "/detokenize")
                                    .hasAnyRole(SERVICES);
                        });
    }
}
