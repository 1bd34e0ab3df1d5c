package dev.weft.inference.server.beside;

import dev.weft.deployment.Deployment;
import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.service.DataFolder;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the adapters of a server beside the worker: their base, their folder, their templates. */
@Conditional(EngineBeside.class)
@Configuration(proxyBeanMethods = false)
public class RelayedAdaptersConfiguration {
    @Bean
    RelayedBase relayedBase(Deployment deployment, CheckpointFetch fetch)
            throws SourceException, IOException {
        return RelayedBase.read(
                deployment.base().checkpoint(), fetch, ServerConfiguration.START::info);
    }

    /** The folder in which the server finds adapters; made if it isn't there. */
    @Bean
    SharedFolder.Mount sharedFolder(RelaySettings relay, RelayedBase base, DataFolder data)
            throws IOException {
        Files.createDirectories(RelayPlan.sharedFolder(relay, data.path()));
        return new SharedFolder.Mount(
                RelayPlan.sharedFolder(relay, data.path()),
                RelayPlan.seenFolder(relay, data.path()),
                base.shape().prefix());
    }

    @Bean
    AdapterReader adapterReader(Deployment deployment, RelayedBase base, RelayStart.Opened opened) {
        return new RelayReader(
                base.shape(), deployment.lora().maxRank(), base.templates(), opened.templates());
    }

    @Bean
    AdapterTemplates adapterTemplates(RelayedBase base, ArtifactCache artifacts) {
        return new AdapterTemplates(base.templates(), artifacts);
    }
}
