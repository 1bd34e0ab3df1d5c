package dev.weft.inference.server;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.SoleAdapter;
import dev.weft.inference.server.residency.artifact.ArtifactStore;
import dev.weft.inference.server.residency.artifact.CatalogArtifacts;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.inference.server.residency.report.WorkerId;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.Stage;
import java.io.IOException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
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
    WorkerId workerId(WorkerOptions options) throws IOException {
        return WorkerId.of(options.data());
    }

    @Bean
    FeedFollower feedFollower(WorkerOptions options, WorkerId id, CatalogView names, Loops loops) {
        return new FeedFollower(
                options.catalog(),
                options.catalogToken(),
                "worker-" + id,
                names,
                options.clock(),
                loops,
                options.tls().client());
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
    CatalogArtifacts catalogArtifacts(WorkerOptions options) {
        return new CatalogArtifacts(
                options.catalog(), options.catalogToken(), options.tls().client());
    }

    @Bean
    LoadThreads loadThreads() {
        return LoadThreads.start();
    }

    @Bean
    ArtifactStore artifactStore(
            WorkerOptions options,
            CatalogArtifacts artifacts,
            WorkerParts parts,
            Engine engine,
            LoadThreads threads)
            throws IOException {
        return new ArtifactStore(
                options.data().resolve("adapters"),
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
            WorkerOptions options,
            Loops loops) {
        return new SoleAdapter(
                engine,
                residency,
                names,
                options.settings().adapterTimeout(),
                options.clock(),
                loops);
    }

    @Bean
    Stage merging(SoleAdapter sole, WorkerOptions options) {
        return Stage.beside(
                () -> {
                    if (options.settings().mergeSingleAdapter()) {
                        sole.start();
                    }
                },
                sole::close);
    }

    /** Made when the worker listens, since it tells the address. */
    @Bean
    @Lazy
    ResidencyReporter residencyReporter(
            WebServerApplicationContext context,
            WorkerOptions options,
            WorkerId id,
            Engine engine,
            AdapterResidency residency,
            Loops loops) {
        return new ResidencyReporter(
                new ResidencyReporter.Self(
                        id.toString(),
                        WorkerService.address(context, options),
                        engine.description().slots()),
                options.catalog(),
                options.catalogToken(),
                residency,
                options.settings().adapterTimeout(),
                options.clock(),
                loops,
                options.tls().client());
    }
}
