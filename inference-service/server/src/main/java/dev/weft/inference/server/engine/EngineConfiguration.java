package dev.weft.inference.server.engine;

import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.TritonSettings;
import dev.weft.service.DataFolder;
import dev.weft.service.settings.EngineSettings;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires an engine in this process with its base: fetched if it isn't here, loaded, tested. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
public class EngineConfiguration {
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
        return parts.engine().open(checkpoint.folder(), START::info);
    }

    @Bean
    AdapterReader adapterReader(WorkerParts parts, Engine engine) {
        return parts.adapters(engine.description());
    }
}
