package dev.weft.inference.server.residency.report;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.BaseAdapters;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceApplication;
import dev.weft.service.settings.AddressSettings;
import java.net.URI;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires what the worker tells the catalog of itself. */
@Configuration(proxyBeanMethods = false)
public class ReportConfiguration {
    @Bean
    WorkerId workerId(DataFolder data) {
        return WorkerId.of(data.path());
    }

    /** The bean is made when the worker listens, since it tells the address. */
    @Bean
    @Lazy
    ResidencyReporter.Self self(
            ConfigurableApplicationContext context,
            AddressSettings addresses,
            Deployment deployment,
            WorkerId id,
            AdapterHost host) {
        URI address = addresses.inference().address();
        return new ResidencyReporter.Self(
                id.toString(),
                address == null ? ServiceApplication.listens(context) : address,
                deployment.base().servedName(),
                host.slots());
    }

    @Bean
    @Lazy
    ResidencyReporter residencyReporter(
            ResidencyReporter.Self self,
            ServiceAccess access,
            AdapterResidency residency,
            BaseAdapters base,
            InferenceSettings settings,
            Loops loops,
            ServiceTls tls) {
        return new ResidencyReporter(
                self, access.endpoint(tls), residency, base, settings.adapterTimeout(), loops);
    }
}
