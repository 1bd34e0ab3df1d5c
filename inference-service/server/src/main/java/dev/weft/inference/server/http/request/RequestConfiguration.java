package dev.weft.inference.server.http.request;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.checkpoint.GenerationConfig;
import dev.weft.inference.server.constraint.BaseVocabulary;
import dev.weft.inference.server.constraint.ConstraintTimes;
import dev.weft.inference.server.constraint.Grammars;
import dev.weft.inference.server.http.request.rule.ConstraintReader;
import dev.weft.inference.server.http.request.rule.Constraints;
import dev.weft.inference.server.prompt.ChatProfiles;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.inference.server.settings.EngineBeside;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.text.Tokenizer;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires how requests are read, for an engine in this process. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
@Import({ServedModels.class, Serving.class, ConstraintTimes.class})
public class RequestConfiguration {
    @Bean
    Chats chats(
            ChatProfiles profiles, RenderThreads threads, InferenceSettings settings, Clock clock) {
        return new Chats(profiles, threads, settings.adapterTimeout(), clock);
    }

    @Bean
    PromptEncoder promptEncoder(GenerationConfig generation, Engine engine, Tokenizer tokenizer) {
        return new PromptEncoder(
                tokenizer,
                new ContextBudget(engine.description().contextLength(), generation.maxNewTokens()));
    }

    @Bean
    Answers answers(Tokenizer tokenizer, ReplySettings replies, Clock clock) {
        return new Answers(tokenizer, clock, replies.reasoningFields());
    }

    @Bean
    SettingsReader settingsReader(GenerationConfig generation, Engine engine, Tokenizer tokenizer) {
        return new SettingsReader(
                generation.defaults(),
                engine.description().model().vocabulary().size(),
                new BadWords(tokenizer),
                new SecureRandom()::nextLong);
    }

    @Bean
    Constraints constraints(Engine engine, Tokenizer tokenizer, ConstraintTimes times) {
        int vocabulary = engine.description().model().vocabulary().size();
        return new Constraints(
                new ConstraintReader(
                        engine.description().constrains(), engine.guides().orElse(null)),
                new Grammars(
                        new BaseVocabulary(tokenizer, vocabulary), times, ProcessMemory.ofHeap()));
    }
}
