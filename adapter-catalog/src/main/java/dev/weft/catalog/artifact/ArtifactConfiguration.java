package dev.weft.catalog.artifact;

import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStage;
import dev.weft.source.SourceOptions;
import java.io.IOException;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the artifacts. */
@Configuration(proxyBeanMethods = false)
@Import({ContentLedger.class, ArtifactController.class})
public class ArtifactConfiguration {
    @Bean
    ArtifactStore artifactStore(
            CatalogSettings settings, SourceOptions sources, DataFolder data, Clock clock)
            throws IOException {
        return ArtifactStores.open(
                settings.artifacts(),
                sources.objectStores(clock),
                data.path().resolve("artifacts"),
                settings.artifactCacheBytes().toBytes(),
                clock);
    }

    @Bean
    ArtifactSweep artifactSweep(
            ArtifactStore store,
            ContentLedger ledger,
            CatalogSettings settings,
            Clock clock,
            Loops loops) {
        return new ArtifactSweep(store, ledger::needed, settings.artifactGrace(), clock, loops);
    }

    @Bean
    ServiceStage sweeping(ArtifactSweep sweep) {
        return ServiceStage.beside(sweep::start, sweep::close);
    }
}
