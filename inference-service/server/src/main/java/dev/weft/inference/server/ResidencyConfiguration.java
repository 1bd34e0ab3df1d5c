package dev.weft.inference.server;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.AheadLoads;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.CatalogArtifacts;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.inference.server.residency.report.WorkerId;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceStage;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.EngineSettings;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires where bases and adapters come from, and how adapters come into the engine. */
@Configuration(proxyBeanMethods = false)
class ResidencyConfiguration {
    @Bean
    CatalogView catalogView() {
        return new CatalogView();
    }

    @Bean
    @ConditionalOnMissingBean
    SourceOptions sourceOptions(Deployment deployment) {
        return SourceConfiguration.of(deployment.settings(), deployment.repositories());
    }

    @Bean
    CheckpointFetch checkpointFetch(SourceOptions sources, DataFolder data, Clock clock) {
        return new CheckpointFetch(new Repositories(sources, clock), data.path());
    }

    @Bean
    WorkerId workerId(DataFolder data) {
        return WorkerId.of(data.path());
    }

    @Bean
    FeedFollower feedFollower(
            ServiceAccess access,
            WorkerId id,
            CatalogView names,
            Clock clock,
            Loops loops,
            ServiceTls tls) {
        return new FeedFollower(access.endpoint(tls), "worker-" + id, names, clock, loops);
    }

    /**
     * Names arrive before the worker listens.
     *
     * @param host is open by then, and so a catalog that starts beside the worker is up
     */
    @Bean
    ServiceStage following(FeedFollower feed, AdapterHost host) {
        return ServiceStage.beside(feed::start, feed::close);
    }

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

    @Bean
    AdapterResidency adapterResidency(AdapterHost host, ArtifactCache store, LoadThreads threads) {
        return new AdapterResidency(host, store, threads);
    }

    @Bean
    AheadLoads aheadLoads(AdapterResidency residency, InferenceSettings settings, Clock clock) {
        return new AheadLoads(residency, settings.adapterTimeout(), clock);
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
            InferenceSettings settings,
            Clock clock,
            Loops loops,
            ServiceTls tls) {
        return new ResidencyReporter(
                self, access.endpoint(tls), residency, settings.adapterTimeout(), clock, loops);
    }
}
