package dev.weft.inference.server.prompt;

import dev.weft.chat.TokenizerConfig;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.checkpoint.GenerationConfig;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.text.Tokenizer;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires how chats become prompts, for an engine in this process. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
@Import(ReplyStyles.class)
public class PromptConfiguration {
    @Bean
    RenderThreads renderThreads() {
        return new RenderThreads(RenderThreads.Bounds.ofThisMachine());
    }

    @Bean
    ChatProfiles chatProfiles(
            TokenizerConfig config,
            GenerationConfig generation,
            Tokenizer tokenizer,
            ArtifactCache store,
            RenderThreads threads,
            ReplyStyles styles,
            Engine engine) {
        return new ChatProfiles(
                config,
                new BaseTokens(
                        endTokens(generation, config, tokenizer),
                        engine.description().model().vocabulary().size()),
                tokenizer,
                store,
                threads,
                styles);
    }

    /**
     * The end tokens that the files name. Only if they name none, the one that transformers' class
     * has for the family.
     */
    private static Set<Integer> endTokens(
            GenerationConfig generation, TokenizerConfig config, Tokenizer tokenizer) {
        Set<Integer> tokens = new HashSet<>(generation.endTokens());
        OptionalInt eos = config.eosToken().map(tokenizer::id).orElse(OptionalInt.empty());
        eos.ifPresent(tokens::add);
        if (tokens.isEmpty()) {
            generation.familyEndToken().ifPresent(tokens::add);
        }
        return tokens;
    }
}
