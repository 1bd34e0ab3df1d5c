package dev.weft.inference.server.residency;

import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires how adapters come into the engine. */
@Configuration(proxyBeanMethods = false)
public class ResidencyConfiguration {
    @Bean
    AdapterResidency adapterResidency(AdapterHost host, ArtifactCache store, LoadThreads threads) {
        return new AdapterResidency(host, store, threads);
    }

    @Bean
    AheadLoads aheadLoads(AdapterResidency residency, InferenceSettings settings, Clock clock) {
        return new AheadLoads(residency, settings.adapterTimeout(), clock);
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    SoleAdapter soleAdapter(
            Engine engine,
            AdapterResidency residency,
            CatalogView names,
            Deployment deployment,
            InferenceSettings settings,
            Clock clock,
            Loops loops) {
        return new SoleAdapter(
                engine,
                residency,
                names,
                deployment.base().servedName(),
                settings.adapterTimeout(),
                clock,
                loops);
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    ServiceStage merging(SoleAdapter sole, InferenceSettings settings) {
        return ServiceStage.beside(
                () -> {
                    if (settings.mergeSingleAdapter()) {
                        sole.start();
                    }
                },
                sole::close);
    }
}
