package dev.weft.service;

import dev.weft.access.AccessSettings;
import dev.weft.access.holder.Loopback;
import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.access.tls.TlsSettings;
import dev.weft.service.settings.AddressSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;

/**
 * Tells Spring Boot where a service listens, with which certificate, and where its metrics are, by
 * the settings. Spring's own {@code server.*} and {@code management.*} win.
 */
@Order(ListenerInitializer.ORDER)
record ListenerInitializer(ServiceName name)
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    /** Runs after the settings are there. */
    static final int ORDER = StartInitializer.ORDER + 100;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        AddressSettings addresses = beans.getBeanProvider(AddressSettings.class).getIfAvailable();
        if (addresses == null) {
            throw new NoDeploymentException();
        }
        beans.registerSingleton(ServiceName.class.getName(), name);
        if (beans.getBeanProvider(ServiceTls.class).getIfAvailable() == null) {
            beans.registerSingleton(
                    ServiceTls.class.getName(), ServiceTls.open(beans.getBean(TlsSettings.class)));
        }
        if (beans.getBeanProvider(ServiceToken.class).getIfAvailable() == null) {
            // a catalog sends no token
            String text =
                    name == ServiceName.catalog
                            ? null
                            : context.getEnvironment().getProperty("weft.token");
            beans.registerSingleton(ServiceToken.class.getName(), new ServiceToken(text));
        }
        ServiceTls tls = beans.getBean(ServiceTls.class);
        if (beans.getBeanProvider(Management.class).getIfAvailable() == null) {
            beans.registerSingleton(Management.class.getName(), management(beans, addresses, tls));
        }
        Management management = beans.getBean(Management.class);
        Map<String, Object> properties = new LinkedHashMap<>(management.properties());
        properties.putAll(tls.properties(management.apart(), name.isForServices()));
        properties.put("server.address", addresses.bindAddress());
        properties.put("server.port", String.valueOf(name.ports(addresses).port()));
        context.getEnvironment()
                .getPropertySources()
                .addLast(new MapPropertySource("listeners", properties));
    }

    private Management management(BeanFactory beans, AddressSettings addresses, ServiceTls tls) {
        AccessSettings access = beans.getBean(AccessSettings.class);
        AddressSettings.Ports ports = name.ports(addresses);
        boolean signedTokens = name == ServiceName.catalog && access.jwtIssuer() != null;
        ServiceToken token = beans.getBean(ServiceToken.class);
        return Management.of(
                ports.managementPort(),
                ports.port(),
                addresses.bindAddress(),
                signedTokens || access.keys() || !Loopback.is(addresses.bindAddress()),
                // a catalog knows all tokens itself
                name == ServiceName.catalog || token.text() != null || tls.asksForCertificates());
    }
}
