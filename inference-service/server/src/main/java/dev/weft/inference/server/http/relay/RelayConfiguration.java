package dev.weft.inference.server.http.relay;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.deployment.Deployment;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.relay.host.ServerSigns;
import dev.weft.inference.server.beside.AdapterTemplates;
import dev.weft.inference.server.beside.RelayPlan;
import dev.weft.inference.server.beside.RelayedRequests;
import dev.weft.inference.server.beside.RunningServer;
import dev.weft.inference.server.beside.SaltedPaths;
import dev.weft.inference.server.beside.ServerAddress;
import dev.weft.inference.server.metrics.WorkerMetrics;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.inference.server.state.Announced;
import dev.weft.inference.server.state.LoadSource;
import dev.weft.inference.server.state.RelayedLoad;
import dev.weft.inference.server.state.ServedPaths;
import dev.weft.service.ServiceStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the way of requests to a server beside the worker, and how they end with the worker. */
@Conditional(EngineBeside.class)
@Configuration(proxyBeanMethods = false)
@Import({RelayEndpoint.Beside.class, RelayConfiguration.Ending.class})
public class RelayConfiguration {
    /** Tells the progress of the start. */
    private static final Logger START = LoggerFactory.getLogger("dev.weft.inference.start");

    @Bean
    ServerConnection serverConnection(
            ServerAddress address, RelaySettings relay, ServerSigns signs) {
        return new ServerConnection(address.url(), address.key(), relay.silenceTimeout(), signs);
    }

    @Bean
    SaltedPaths saltedPaths(Dialect dialect, RelayStart.Opened opened, Deployment deployment) {
        SaltedPaths salted = new SaltedPaths(dialect, opened.description());
        RelayPlan.sharedPrefixes(deployment, salted, RelayRoutes.SALTED).ifPresent(START::warn);
        return salted;
    }

    @Bean
    RelayEndpoint relayEndpoint(
            RelayEndpoint.Beside beside,
            ModelDirectory models,
            AdapterResidency residency,
            AdapterTemplates templates,
            WorkerMetrics metrics,
            Deployment deployment) {
        RelaySettings relay = deployment.settings(RelaySettings.class);
        InferenceSettings inference = deployment.settings(InferenceSettings.class);
        return new RelayEndpoint(
                beside,
                new RelayEndpoint.Serves(
                        models, residency, templates, new TenantSalt(), metrics.times()),
                new RelayEndpoint.Patience(inference.adapterTimeout(), relay.silenceTimeout()),
                ProcessMemory.ofHeap());
    }

    @Bean
    LoadSource relayedLoad(RelayedRequests requests, ServerLoad server) {
        return new RelayedLoad(requests::counts, server::told, System::nanoTime);
    }

    @Bean
    ServedPaths relayedPaths(RelayStart.Opened opened) {
        return new ServedPaths(RelayEndpoint.served(opened.description().paths()));
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
    ServiceStage serving(Announced announced, RelayEndpoint relay, Ending ending) {
        return announced.whileServing(relay::requests, ending::run);
    }
}
