package dev.weft.inference.server.health;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the watch over an engine in this process. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
public class EngineWatchConfiguration {
    @Bean
    EngineWatch engineWatch(Engine engine, InferenceSettings settings, Loops loops) {
        return new EngineWatch(engine, settings.stallTimeout(), loops);
    }

    @Bean
    ServiceStage watching(EngineWatch watch) {
        return ServiceStage.beside(watch::start, watch::close);
    }

    /**
     * Health by the engine. A worker whose engine stalls is {@code DOWN}, unlike one that is about
     * to end, so that gateways take their requests away.
     */
    @Bean
    HealthIndicator engineHealthIndicator(EngineWatch watch) {
        return () -> {
            Duration stalled = watch.stalled();
            return stalled.isZero()
                    ? Health.up().build()
                    : Health.down()
                            .withDetail("reason", "the engine has requests and makes no step")
                            .withDetail("stalledSeconds", stalled.toSeconds())
                            .build();
        };
    }
}
