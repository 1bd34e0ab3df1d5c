package dev.weft.access;

import dev.weft.access.holder.ServiceCertificates;
import dev.weft.access.management.Management;
import dev.weft.access.management.OpenMetrics;
import dev.weft.access.refusal.ExchangeFirewall;
import dev.weft.access.rule.Probes;
import dev.weft.access.tls.ServiceTls;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.health.actuate.endpoint.ReactiveHealthEndpointWebExtension;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Wires the parts of access that every service has: the firewall, probes at its own port, and TLS.
 * The service provides {@link ServiceTls}.
 */
@Configuration(proxyBeanMethods = false)
@Import(ExchangeFirewall.class)
public class SharedAccessConfiguration {
    /** Our own metrics and spans cover access; observing each filter costs every request. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    @ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
    RouterFunction<ServerResponse> probes(ReactiveHealthEndpointWebExtension health) {
        return Probes.routes(health);
    }

    @Bean
    @ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
    OpenMetrics openMetrics(
            Management management,
            WebEndpointProperties properties,
            WebEndpointsSupplier endpoints,
            EndpointMediaTypes types) {
        return new OpenMetrics(
                management, properties.getBasePath(), endpoints.getEndpoints(), types);
    }

    @Bean
    ServiceCertificates serviceCertificates(ServiceTls tls) {
        return new ServiceCertificates(tls.services());
    }

    /** Clients take up the files that listeners read. */
    @Bean
    @Lazy(false)
    SmartInitializingSingleton tlsOfClients(ServiceTls tls, SslBundles bundles) {
        return () -> tls.follow(bundles);
    }
}
