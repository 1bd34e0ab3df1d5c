package dev.weft.inference.server.residency.artifact;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.service.DataFolder;
import dev.weft.service.settings.EngineSettings;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires where adapters come from. */
@Configuration(proxyBeanMethods = false)
public class ArtifactCacheConfiguration {
    @Bean
    CatalogArtifacts catalogArtifacts(ServiceAccess access, ServiceTls tls) {
        return new CatalogArtifacts(access.catalog(), access.token(), tls.client());
    }

    @Bean
    LoadThreads loadThreads(EngineSettings engine, InferenceSettings settings) {
        return engine.engine().isRelayed()
                ? LoadThreads.beside(settings.maxLoras())
                : LoadThreads.start();
    }

    @Bean
    ArtifactCache artifactCache(
            DataFolder data, CatalogArtifacts artifacts, AdapterReader reader, LoadThreads threads)
            throws IOException {
        return new ArtifactCache(data.path().resolve("adapters"), artifacts, reader, threads);
    }
}
