package dev.weft.inference.server.checkpoint;

import dev.weft.chat.TokenizerConfig;
import dev.weft.deployment.Deployment;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.service.DataFolder;
import dev.weft.source.Repositories;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import java.io.IOException;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires where the base comes from, and what its folder tells of texts. */
@Configuration(proxyBeanMethods = false)
public class CheckpointConfiguration {
    @Bean
    @ConditionalOnMissingBean
    SourceOptions sourceOptions(Deployment deployment) {
        return SourceConfiguration.of(deployment.settings(), deployment.repositories());
    }

    @Bean
    CheckpointFetch checkpointFetch(SourceOptions sources, DataFolder data, Clock clock) {
        return new CheckpointFetch(new Repositories(sources, clock), data.path());
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    Tokenizer tokenizer(Checkpoint checkpoint) throws IOException {
        return Tokenizer.open(checkpoint.folder());
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    TokenizerConfig tokenizerConfig(Checkpoint checkpoint) throws IOException {
        return TokenizerConfig.read(checkpoint.folder());
    }

    @Bean
    @Conditional(EngineBeside.Not.class)
    GenerationConfig generationConfig(Checkpoint checkpoint) throws IOException {
        return GenerationConfig.read(checkpoint.folder());
    }
}
