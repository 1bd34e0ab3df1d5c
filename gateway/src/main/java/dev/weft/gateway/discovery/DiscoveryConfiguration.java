package dev.weft.gateway.discovery;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.discovery.dns.DnsSources;
import dev.weft.gateway.discovery.kubernetes.KubernetesSource;
import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import dev.weft.service.settings.AddressSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the sources that the deployment file asks for; of others no class is loaded. */
@Configuration(proxyBeanMethods = false)
public class DiscoveryConfiguration {
    @Bean
    Discovery discovery(
            AddressSettings addresses,
            DiscoverySettings settings,
            ServiceAccess access,
            ServiceTls tls,
            Loops loops,
            WorkerPool workers) {
        List<WorkerSource> sources = new ArrayList<>();
        sources.add(new FixedWorkers(fixed(addresses, settings, tls)));
        if (!settings.dns().isEmpty() || !settings.srv().isEmpty()) {
            sources.addAll(DnsSources.of(settings, scheme(settings, tls), loops));
        }
        if (settings.kubernetes().service() != null) {
            sources.add(KubernetesSource.of(settings, scheme(settings, tls), loops));
        }
        if (settings.catalog()) {
            sources.add(
                    new CatalogSource(
                            access.endpoint(tls),
                            new FoundAddresses(settings.networks()),
                            InetAddress::getAllByName,
                            loops));
        }
        return new Discovery(sources, workers, settings.maxWorkers());
    }

    private static List<URI> fixed(
            AddressSettings addresses, DiscoverySettings settings, ServiceTls tls) {
        List<URI> named = addresses.gateway().workers();
        if (!named.isEmpty() || settings.looks()) {
            return named;
        }
        return addresses
                .localWorker(tls)
                .map(List::of)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "weft.gateway.workers must say where a worker is, since its port is"
                                        + " 0"));
    }

    private static String scheme(DiscoverySettings settings, ServiceTls tls) {
        DiscoverySettings.Scheme given = settings.scheme();
        return given != null ? given.name() : tls.listens() ? "https" : "http";
    }

    @Bean
    ServiceStage discovering(Discovery discovery) {
        return ServiceStage.beside(discovery::start, discovery::close);
    }

    @Bean
    @Lazy(false)
    DiscoveryMetrics discoveryMetrics(MeterRegistry registry, Discovery discovery) {
        return new DiscoveryMetrics(registry, discovery);
    }
}
