package dev.weft.access;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.health.actuate.endpoint.ReactiveHealthEndpointWebExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What every service wires of access: the firewall, and probes at its own port. */
@Configuration(proxyBeanMethods = false)
@Import(ExchangeFirewall.class)
public class SharedAccessConfiguration {
    @Bean
    @ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
    RouterFunction<ServerResponse> probes(ReactiveHealthEndpointWebExtension health) {
        return Probes.routes(health);
    }
}
