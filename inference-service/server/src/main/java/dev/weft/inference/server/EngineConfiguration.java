package dev.weft.inference.server;

import dev.weft.chat.TokenizerConfig;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.checkpoint.GenerationConfig;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.constraint.ConstraintTimes;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.metrics.ConstraintMetrics;
import dev.weft.inference.server.metrics.EngineMetrics;
import dev.weft.inference.server.metrics.RuntimeMetrics;
import dev.weft.inference.server.metrics.StallMetrics;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.TritonSettings;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStage;
import dev.weft.service.settings.EngineSettings;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires an engine in this process with its base: fetched if it isn't here, loaded, tested. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
    /** Tells the progress of the start. */
    private static final Logger START = LoggerFactory.getLogger("dev.weft.inference.start");

    @Bean
    @ConditionalOnMissingBean
    WorkerParts parts(
            Deployment deployment,
            EngineSettings choice,
            InferenceSettings settings,
            TritonSettings triton,
            MetricsSettings metrics,
            DataFolder data) {
        return new EngineWiring(deployment, settings, triton, metrics, data).parts(choice.engine());
    }

    @Bean
    @ConditionalOnMissingBean
    Checkpoint checkpoint(Deployment deployment, CheckpointFetch fetch) throws SourceException {
        return new Checkpoint(fetch.fetch(deployment.base().checkpoint(), START::info));
    }

    /**
     * The engine, open.
     *
     * @param parts come first: whether there is such an engine is known before a checkpoint is
     *     fetched
     */
    @Bean
    Engine engine(WorkerParts parts, Checkpoint checkpoint) throws IOException {
        EngineFactory factory = parts.engine();
        return factory.open(checkpoint.folder(), START::info);
    }

    @Bean
    AdapterReader adapterReader(WorkerParts parts, Engine engine) {
        return parts.adapters(engine.description());
    }

    @Bean
    Tokenizer tokenizer(Checkpoint checkpoint) throws IOException {
        return Tokenizer.open(checkpoint.folder());
    }

    @Bean
    TokenizerConfig tokenizerConfig(Checkpoint checkpoint) throws IOException {
        return TokenizerConfig.read(checkpoint.folder());
    }

    @Bean
    GenerationConfig generationConfig(Checkpoint checkpoint) throws IOException {
        return GenerationConfig.read(checkpoint.folder());
    }

    @Bean
    EngineWatch engineWatch(Engine engine, InferenceSettings settings, Loops loops) {
        return new EngineWatch(engine, settings.stallTimeout(), loops);
    }

    @Bean
    ServiceStage watching(EngineWatch watch) {
        return ServiceStage.beside(watch::start, watch::close);
    }

    /**
     * Health by the engine: {@code DOWN}, unlike a worker that is about to end, so that gateways
     * take their requests away.
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

    @Bean
    EngineMetrics engineMetrics(Engine engine, RequestCounts counts) {
        return new EngineMetrics(engine, counts.waiting());
    }

    @Bean
    ConstraintTimes constraintTimes() {
        return new ConstraintTimes();
    }

    @Bean
    ConstraintMetrics constraintMetrics(ConstraintTimes times) {
        return new ConstraintMetrics(times);
    }

    @Bean
    RuntimeMetrics runtimeMetrics(Engine engine) {
        return engine::runtimeMetrics;
    }

    @Bean
    StallMetrics stallMetrics(EngineWatch watch) {
        return new StallMetrics(watch::stalled, watch::stalls);
    }
}
