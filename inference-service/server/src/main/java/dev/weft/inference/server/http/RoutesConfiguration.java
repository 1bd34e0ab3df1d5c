package dev.weft.inference.server.http;

import dev.weft.inference.relay.host.RelayStart;
import dev.weft.inference.server.http.relay.RelayEndpoint;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.residency.AheadLoads;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.state.States;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires the routes that need no engine in this process. */
@Configuration(proxyBeanMethods = false)
public class RoutesConfiguration {
    @Bean
    @Conditional(EngineBeside.class)
    RouterFunction<ServerResponse> relayedRoutes(
            RelayEndpoint relay,
            ModelDirectory models,
            RelayStart.Opened opened,
            ExposedMetrics metrics) {
        return WorkerRoutes.relayed(relay, models, opened.contextLength(), metrics);
    }

    @Bean
    RouterFunction<ServerResponse> stateRoutes(States states, AheadLoads ahead) {
        return new StateEndpoint(states, ahead).routes();
    }
}
