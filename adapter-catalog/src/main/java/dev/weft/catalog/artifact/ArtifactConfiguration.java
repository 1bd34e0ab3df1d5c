package dev.weft.catalog.artifact;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the artifacts. */
@Configuration(proxyBeanMethods = false)
public class ArtifactConfiguration {

    @Bean
    ArtifactController artifactController(ArtifactStore store) {
        return new ArtifactController(store);
    }
}
