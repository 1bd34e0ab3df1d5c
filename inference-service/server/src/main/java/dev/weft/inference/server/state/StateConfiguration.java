package dev.weft.inference.server.state;

import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.loop.Loops;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires what the worker tells gateways of itself. */
@Configuration(proxyBeanMethods = false)
public class StateConfiguration {
    @Bean
    @Conditional(EngineBeside.Not.class)
    LoadSource engineLoad(Engine engine, RequestCounts counts) {
        return new EngineLoad(engine, counts, System::nanoTime);
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
        return new Announced(states, reporter::getObject, settings.drainTimeout());
    }
}
