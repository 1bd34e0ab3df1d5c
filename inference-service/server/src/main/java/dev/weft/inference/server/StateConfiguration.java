package dev.weft.inference.server;

import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.http.StateEndpoint;
import dev.weft.inference.server.http.WorkerRoutes;
import dev.weft.inference.server.http.relay.RelayEndpoint;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.AheadLoads;
import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.state.EngineLoad;
import dev.weft.inference.server.state.LoadSource;
import dev.weft.inference.server.state.RelayedLoad;
import dev.weft.inference.server.state.ServedPaths;
import dev.weft.inference.server.state.States;
import dev.weft.protocol.loop.Loops;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires what the worker tells gateways of itself. */
@Configuration(proxyBeanMethods = false)
class StateConfiguration {
    @Bean
    @Conditional(EngineBeside.Not.class)
    LoadSource engineLoad(Engine engine, RequestCounts counts) {
        return new EngineLoad(engine, counts, System::nanoTime);
    }

    @Bean
    @Conditional(EngineBeside.class)
    LoadSource relayedLoad(RelayEndpoint relay, ServerLoad server) {
        return new RelayedLoad(relay::counts, server::told, System::nanoTime);
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    ServedPaths enginePaths(Engine engine) {
        return new ServedPaths(WorkerRoutes.served(engine.description()));
    }

    @Bean
    @Conditional(EngineBeside.class)
    ServedPaths relayedPaths(RelayStart.Opened opened) {
        return new ServedPaths(RelayEndpoint.served(opened.paths()));
    }

    @Bean
    States states(
            AdapterResidency residency,
            AdapterHost host,
            ServedPaths served,
            LoadSource load,
            Loops loops) {
        return new States(residency, host.slots(), served, load, loops);
    }

    @Bean
    Announced announced(
            States states, ObjectProvider<ResidencyReporter> reporter, InferenceSettings settings) {
        return new Announced(states, reporter, settings.drainTimeout());
    }

    @Bean
    RouterFunction<ServerResponse> stateRoutes(States states, AheadLoads ahead) {
        return new StateEndpoint(states, ahead).routes();
    }
}
