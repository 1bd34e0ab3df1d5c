package dev.weft.catalog.version;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the count of versions. */
@Configuration(proxyBeanMethods = false)
public class VersionConfiguration {

    @Bean
    VersionMetrics versionMetrics(MeterRegistry registry, Database database, Loops loops) {
        return new VersionMetrics(registry, new VersionCounts(database), loops);
    }

    @Bean
    ServiceStage counting(VersionMetrics metrics) {
        return ServiceStage.beside(metrics::start, metrics::close);
    }
}
