package dev.weft.service;

import dev.weft.access.AccessSettings;
import dev.weft.access.ServiceAccess;
import dev.weft.access.holder.Loopback;
import dev.weft.access.tls.ServiceTls;
import dev.weft.service.settings.AddressSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires how a service reaches the catalog. */
@Configuration(proxyBeanMethods = false)
public class CatalogClientConfiguration {
    @Bean
    ServiceAccess access(
            AccessSettings settings,
            AddressSettings addresses,
            ServiceTls tls,
            ServiceToken token) {
        return new ServiceAccess(
                settings.keys(),
                Loopback.is(addresses.bindAddress()),
                addresses
                        .catalog(tls)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "weft.catalog.url must say where the catalog is, since its"
                                                + " port is 0")),
                token.text());
    }
}
