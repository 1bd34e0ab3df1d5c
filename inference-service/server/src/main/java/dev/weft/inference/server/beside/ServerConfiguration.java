package dev.weft.inference.server.beside;

import dev.weft.deployment.Deployment;
import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.relay.host.RelayHost;
import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.settings.EngineSettings;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires a server beside the worker: its address, its process if the worker runs it, its start. */
@Conditional(EngineBeside.class)
@Configuration(proxyBeanMethods = false)
public class ServerConfiguration {
    /** Tells the progress of the start. */
    static final Logger START = LoggerFactory.getLogger("dev.weft.inference.start");

    /** The dialect of the kind of server that the deployment names. */
    @Bean
    Dialect dialect(EngineSettings engine) {
        return Dialect.of(engine.engine().word());
    }

    /** Where the server listens; if the worker starts it, on a free port. */
    @Bean
    ServerAddress serverAddress(RelaySettings settings, Dialect dialect) throws IOException {
        return ServerAddress.of(settings, dialect);
    }

    @Bean
    ServerPlan.Limits limits(Deployment deployment) {
        return RelayPlan.limits(deployment);
    }

    @Bean
    ServerCalls serverCalls(ServerAddress address) {
        return new ServerCalls(address.url(), address.key());
    }

    /**
     * The server, if the worker runs it.
     *
     * @param shared exists before the server is told its path
     */
    @Bean
    RunningServer runningServer(
            ServerAddress address,
            Dialect dialect,
            Deployment deployment,
            RelayedBase base,
            CheckpointFetch fetch,
            DataFolder data,
            SharedFolder.Mount shared,
            Loops loops)
            throws SourceException {
        List<String> given = deployment.settings(RelaySettings.class).command();
        if (given.isEmpty()) {
            return RunningServer.elsewhere();
        }
        Path checkpoint =
                fetch.fetchForServer(
                        deployment.base().checkpoint(), RelayPlan.runsCode(given), START::info);
        return RunningServer.start(
                RelayPlan.command(
                        deployment,
                        data.path(),
                        new ServerPlan.Base(
                                checkpoint,
                                deployment.base().servedName(),
                                RelayPlan.modules(base.shape())),
                        address.url().getPort()),
                address.secrets(dialect),
                data.path(),
                loops);
    }

    @Bean
    RelayStart.Opened opened(
            ServerCalls calls,
            Dialect dialect,
            RunningServer running,
            Deployment deployment,
            ServerPlan.Limits limits,
            RelayedBase base,
            SharedFolder.Mount shared)
            throws IOException, InterruptedException {
        try {
            RelaySettings relay = deployment.settings(RelaySettings.class);
            RelayStart.Opened opened =
                    RelayStart.open(
                            new RelayStart.Options(
                                    calls,
                                    dialect,
                                    shared,
                                    relay.model(),
                                    base.facts(),
                                    limits,
                                    relay.startTimeout()),
                            START::info);
            RelayPlan.sharedMessages(deployment, opened.description()).ifPresent(START::warn);
            running.started();
            return opened;
        } catch (IOException | RuntimeException | InterruptedException e) {
            running.close();
            throw e;
        }
    }

    @Bean
    RelayHost relayHost(RelayStart.Opened opened) {
        return opened.host();
    }
}
