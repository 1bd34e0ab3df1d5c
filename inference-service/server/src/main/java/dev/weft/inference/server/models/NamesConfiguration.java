package dev.weft.inference.server.models;

import dev.weft.access.ServiceAccess;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.server.checkpoint.BasePooling;
import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.report.WorkerId;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.io.IOException;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the names of models: those that the catalog tells, and what requests find by them. */
@Configuration(proxyBeanMethods = false)
public class NamesConfiguration {
    @Bean
    CatalogView catalogView() {
        return new CatalogView();
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
     * @param host is open by then, so that a catalog that starts beside the worker is up
     */
    @Bean
    ServiceStage following(FeedFollower feed, AdapterHost host) {
        return ServiceStage.beside(feed::start, feed::close);
    }

    @Bean
    ModelDirectory modelDirectory(Deployment deployment, Clock clock, CatalogView names) {
        return new ModelDirectory(
                deployment.base().servedName(),
                deployment.base().checkpoint().toString(),
                clock.instant(),
                names);
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    PrefixSharing prefixSharing(
            InferenceSettings settings, Deployment deployment, CatalogView names) {
        return new PrefixSharing(settings.prefixSharing(), deployment.base().servedName(), names);
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    ModelTasks modelTasks(Checkpoint checkpoint, ArtifactCache artifacts) throws IOException {
        return new ModelTasks(BasePooling.read(checkpoint.folder()), artifacts);
    }
}
