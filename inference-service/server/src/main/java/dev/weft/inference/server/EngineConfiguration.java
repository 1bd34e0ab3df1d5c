package dev.weft.inference.server;

import dev.weft.chat.TokenizerConfig;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.checkpoint.GenerationConfig;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.Stage;
import dev.weft.source.Repositories;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the engine with its base: fetched if it isn't here, loaded, tested. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
    @Bean
    @ConditionalOnMissingBean
    WorkerParts parts(WorkerOptions options) {
        return EngineWiring.parts(options);
    }

    @Bean
    @ConditionalOnMissingBean
    Checkpoint checkpoint(WorkerOptions options) throws SourceException {
        Repositories repositories = new Repositories(options.sources(), options.clock());
        return new Checkpoint(
                new CheckpointFetch(repositories, options.data())
                        .fetch(options.checkpoint(), options.progress()));
    }

    /**
     * The engine, open.
     *
     * @param parts come first: whether there is such an engine is known before a checkpoint is
     *     fetched
     */
    @Bean
    Engine engine(WorkerParts parts, Checkpoint checkpoint, WorkerOptions options)
            throws IOException {
        EngineFactory factory = parts.engine();
        return factory.open(checkpoint.folder(), options.progress());
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
    EngineWatch engineWatch(Engine engine, WorkerOptions options, Loops loops) {
        return new EngineWatch(engine, options.settings().stallTimeout(), loops);
    }

    @Bean
    Stage watching(EngineWatch watch) {
        return Stage.beside(watch::start, watch::close);
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
}
