package dev.weft.inference.server.http;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.http.request.rule.Constraints;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.metrics.WorkerMetrics;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.SoleAdapter;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.state.Announced;
import dev.weft.inference.server.state.ServedPaths;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.service.ServiceStage;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires the API of an engine in this process, and how its requests end with the worker. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
@Import(ServingConfiguration.Ending.class)
public class ServingConfiguration {
    /** Far longer than any step of any engine. */
    private static final Duration ENGINE_SILENCE = Duration.ofMinutes(2);

    @Bean
    EngineBridge engineBridge(
            Engine engine,
            AdapterResidency residency,
            Tokenizer tokenizer,
            RequestCounts counts,
            WorkerMetrics metrics) {
        return new EngineBridge(
                engine, residency, tokenizer, ENGINE_SILENCE, counts, metrics.times());
    }

    @Bean
    RouterFunction<ServerResponse> workerRoutes(
            Serving serving, EngineBridge bridge, ExposedMetrics metrics) {
        return WorkerRoutes.of(serving, bridge, ProcessMemory.ofHeap(), metrics);
    }

    @Bean
    ServedPaths enginePaths(Engine engine) {
        return new ServedPaths(WorkerRoutes.served(engine.description()));
    }

    /**
     * Closes the parts that serve until the last request has ended. The engine ends every answer
     * that is left with an error. The tokenizer stays open until the server has ended, since
     * answers are still written.
     */
    record Ending(
            SoleAdapter sole,
            EngineWatch watch,
            Engine engine,
            LoadThreads loads,
            RenderThreads renders,
            Constraints constraints) {
        void run() {
            sole.close();
            watch.close();
            engine.close();
            loads.close();
            renders.close();
            constraints.grammars().close();
        }
    }

    @Bean
    ServiceStage serving(Announced announced, EngineBridge bridge, Ending ending) {
        return announced.whileServing(bridge::requests, ending::run);
    }
}
