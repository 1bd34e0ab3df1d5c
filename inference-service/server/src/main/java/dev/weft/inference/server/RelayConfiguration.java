package dev.weft.inference.server;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.deployment.Deployment;
import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.relay.dialect.ServerReply;
import dev.weft.inference.relay.host.RelayHost;
import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.relay.host.ServerWatch;
import dev.weft.inference.server.beside.AdapterTemplates;
import dev.weft.inference.server.beside.RelayPlan;
import dev.weft.inference.server.beside.RelayReader;
import dev.weft.inference.server.beside.RelayedBase;
import dev.weft.inference.server.beside.RunningServer;
import dev.weft.inference.server.beside.ServerAddress;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.http.WorkerRoutes;
import dev.weft.inference.server.http.relay.RelayEndpoint;
import dev.weft.inference.server.http.relay.ServerConnection;
import dev.weft.inference.server.http.relay.TenantSalt;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.metrics.RelayMetrics;
import dev.weft.inference.server.metrics.RuntimeMetrics;
import dev.weft.inference.server.metrics.ServersMetrics;
import dev.weft.inference.server.metrics.StallMetrics;
import dev.weft.inference.server.metrics.WorkerMetrics;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStage;
import dev.weft.service.settings.EngineSettings;
import dev.weft.source.fetch.SourceException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires a server beside the worker: its adapters, and the way of requests to it. */
@Conditional(EngineBeside.class)
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
    /** Tells the progress of the start. */
    private static final Logger START = LoggerFactory.getLogger("dev.weft.inference.start");

    private static final Duration SCRAPE = Duration.ofSeconds(1);

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

    /** The server, if the worker runs it. */
    @Bean
    RunningServer runningServer(
            ServerAddress address,
            Dialect dialect,
            RelaySettings relay,
            Deployment deployment,
            CheckpointFetch fetch,
            DataFolder data,
            SharedFolder.Mount shared, // is there before its path is told
            Loops loops)
            throws SourceException {
        if (relay.command().isEmpty()) {
            return RunningServer.elsewhere();
        }
        Path checkpoint = fetch.fetch(deployment.base().checkpoint(), START::info);
        return RunningServer.start(
                RelayPlan.command(deployment, data.path(), checkpoint, address.url().getPort()),
                address.secrets(dialect),
                data.path(),
                loops);
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
    RelayStart.Opened opened(
            ServerCalls calls,
            Dialect dialect,
            RunningServer running,
            RelaySettings relay,
            ServerPlan.Limits limits,
            SharedFolder.Mount shared)
            throws IOException, InterruptedException {
        try {
            return RelayStart.open(
                    new RelayStart.Options(
                            calls, dialect, shared, relay.model(), limits, relay.startTimeout()),
                    START::info);
        } catch (IOException | RuntimeException | InterruptedException e) {
            running.close();
            throw e;
        }
    }

    @Bean
    RelayHost relayHost(RelayStart.Opened opened) {
        return opened.host();
    }

    @Bean
    RelayedBase relayedBase(Deployment deployment, CheckpointFetch fetch)
            throws SourceException, IOException {
        return RelayedBase.read(deployment.base().checkpoint(), fetch, START::info);
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

    @Bean
    ServerWatch serverWatch(ServerCalls calls, RelayHost host, Loops loops) {
        return new ServerWatch(calls, host, loops);
    }

    @Bean
    ServiceStage watching(ServerWatch watch, RelayHost host, ArtifactCache artifacts) {
        host.rewritesFrom(artifacts::open);
        return ServiceStage.beside(watch::start, watch::close);
    }

    @Bean
    ServerLoad serverLoad(ServerCalls calls, Dialect dialect, Loops loops) {
        return new ServerLoad(calls, dialect.loadMetrics(), loops);
    }

    @Bean
    ServiceStage readingLoad(ServerLoad load) {
        return ServiceStage.beside(load::start, load::close);
    }

    /** {@code DOWN} while the server can't be used, so that gateways take their requests away. */
    @Bean
    HealthIndicator engineHealthIndicator(ServerWatch watch) {
        return () -> {
            String trouble = watch.trouble();
            return trouble.isEmpty()
                    ? Health.up().build()
                    : Health.down().withDetail("reason", trouble).build();
        };
    }

    @Bean
    ServerConnection serverConnection(ServerAddress address, RelaySettings relay) {
        return new ServerConnection(address.url(), address.key(), relay.silenceTimeout());
    }

    @Bean
    RelayEndpoint relayEndpoint(
            RelayEndpoint.Beside beside,
            ModelDirectory models,
            AdapterResidency residency,
            AdapterTemplates templates,
            WorkerMetrics metrics,
            Deployment deployment,
            Clock clock) {
        RelayPlan.sharedPrefixes(deployment).ifPresent(START::warn);
        RelaySettings relay = deployment.settings(RelaySettings.class);
        InferenceSettings inference = deployment.settings(InferenceSettings.class);
        return new RelayEndpoint(
                beside,
                new RelayEndpoint.Serves(
                        models, residency, templates, new TenantSalt(), metrics.times()),
                new RelayEndpoint.Patience(
                        inference.adapterTimeout(), relay.silenceTimeout(), clock),
                ProcessMemory.ofHeap());
    }

    @Bean
    RelayEndpoint.Beside beside(
            ServerConnection connection, RelayHost host, ServerWatch watch, Dialect dialect) {
        return new RelayEndpoint.Beside(connection, host, watch, dialect);
    }

    @Bean
    RouterFunction<ServerResponse> workerRoutes(
            RelayEndpoint relay,
            ModelDirectory models,
            RelayStart.Opened opened,
            ExposedMetrics metrics) {
        return WorkerRoutes.relayed(relay, models, opened.contextLength(), metrics);
    }

    @Bean
    RelayMetrics relayMetrics(RelayHost host) {
        return new RelayMetrics(host);
    }

    @Bean
    StallMetrics stallMetrics(ServerWatch watch) {
        return new StallMetrics(watch::away, watch::timesAway);
    }

    /** The server's own metrics, without those that the worker has under the same names. */
    @Bean
    RuntimeMetrics runtimeMetrics(ServerCalls calls, PrometheusRegistry own) {
        return new ServersMetrics(
                () -> {
                    ServerReply reply = calls.get("/metrics", SCRAPE);
                    return reply.ok() ? reply.text() : "";
                },
                own);
    }

    /**
     * Closes the parts that serve until the last request has ended. A server that the worker did
     * not start unloads the adapters.
     */
    record Ending(
            RelayEndpoint.Beside beside,
            LoadThreads loads,
            RunningServer running,
            ServerCalls calls) {
        void run() {
            beside.watch().close();
            beside.connection().close();
            loads.close();
            if (running.isElsewhere()) {
                beside.host().close();
            }
            running.close();
            calls.close();
        }
    }

    @Bean
    Ending ending(
            RelayEndpoint.Beside beside,
            LoadThreads loads,
            RunningServer running,
            ServerCalls calls) {
        return new Ending(beside, loads, running, calls);
    }

    @Bean
    ServiceStage serving(Announced announced, RelayEndpoint relay, Ending ending) {
        return announced.whileServing(relay::requests, ending::run);
    }
}
