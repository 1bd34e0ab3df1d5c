package dev.weft.inference.server;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.SoleAdapter;
import dev.weft.inference.server.residency.artifact.ArtifactStore;
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
import dev.weft.service.Stage;
import java.io.IOException;
import java.time.Clock;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires which adapters there are, and how they come into the engine. */
@Configuration(proxyBeanMethods = false)
class ResidencyConfiguration {
    @Bean
    CatalogView catalogView() {
        return new CatalogView();
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
     * @param engine is open by then, and so a catalog that starts beside the worker is up
     */
    @Bean
    Stage following(FeedFollower feed, Engine engine) {
        return Stage.beside(feed::start, feed::close);
    }

    @Bean
    CatalogArtifacts catalogArtifacts(ServiceAccess access, ServiceTls tls) {
        return new CatalogArtifacts(access.catalog(), access.token(), tls.client());
    }

    @Bean
    LoadThreads loadThreads() {
        return LoadThreads.start();
    }

    @Bean
    ArtifactStore artifactStore(
            DataFolder data,
            CatalogArtifacts artifacts,
            WorkerParts parts,
            Engine engine,
            LoadThreads threads)
            throws IOException {
        return new ArtifactStore(
                data.path().resolve("adapters"),
                artifacts,
                parts.adapters(engine.description()),
                threads);
    }

    @Bean
    AdapterResidency adapterResidency(Engine engine, ArtifactStore store, LoadThreads threads) {
        return new AdapterResidency(engine, store, threads);
    }

    @Bean
    SoleAdapter soleAdapter(
            Engine engine,
            AdapterResidency residency,
            CatalogView names,
            InferenceSettings settings,
            Clock clock,
            Loops loops) {
        return new SoleAdapter(engine, residency, names, settings.adapterTimeout(), clock, loops);
    }

    @Bean
    Stage merging(SoleAdapter sole, InferenceSettings settings) {
        return Stage.beside(
                () -> {
                    if (settings.mergeSingleAdapter()) {
                        sole.start();
                    }
                },
                sole::close);
    }

    /** Made when the worker listens, since it tells the address. */
    @Bean
    @Lazy
    ResidencyReporter.Self self(
            ConfigurableApplicationContext context, WorkerId id, Engine engine) {
        return new ResidencyReporter.Self(
                id.toString(), ServiceApplication.listens(context), engine.description().slots());
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
