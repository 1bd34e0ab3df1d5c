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
    AdapterResidency adapterResidency(
            AdapterHost host, ArtifactCache store, LoadThreads threads, Clock clock) {
        return new AdapterResidency(host, store, threads, clock);
    }

    @Bean
    BaseAdapters baseAdapters(CatalogView names, Deployment deployment) {
        return new BaseAdapters(names, deployment.base().servedName());
    }

    @Bean
    AheadLoads aheadLoads(
            AdapterResidency residency, BaseAdapters base, InferenceSettings settings) {
        return new AheadLoads(residency, base, settings.adapterTimeout());
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    SoleAdapter soleAdapter(
            Engine engine,
            AdapterResidency residency,
            BaseAdapters base,
            InferenceSettings settings,
            Loops loops) {
        return new SoleAdapter(
                engine, residency, base, settings.adapterTimeout(), System::nanoTime, loops);
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
