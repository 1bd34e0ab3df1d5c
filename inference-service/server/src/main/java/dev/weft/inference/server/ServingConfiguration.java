package dev.weft.inference.server;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.chat.TokenizerConfig;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.checkpoint.BasePooling;
import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.inference.server.checkpoint.GenerationConfig;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.constraint.BaseVocabulary;
import dev.weft.inference.server.constraint.ConstraintTimes;
import dev.weft.inference.server.constraint.Grammars;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.http.WorkerRoutes;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.request.Answers;
import dev.weft.inference.server.http.request.BadWords;
import dev.weft.inference.server.http.request.Chats;
import dev.weft.inference.server.http.request.ContextBudget;
import dev.weft.inference.server.http.request.PromptEncoder;
import dev.weft.inference.server.http.request.ServedModels;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.http.request.SettingsReader;
import dev.weft.inference.server.http.request.rule.ConstraintReader;
import dev.weft.inference.server.http.request.rule.Constraints;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.metrics.WorkerMetrics;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.models.ModelTasks;
import dev.weft.inference.server.models.PrefixSharing;
import dev.weft.inference.server.prompt.ChatProfiles;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.inference.server.prompt.ReplyStyles;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.SoleAdapter;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.ReplySettings;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires the API of an engine in this process, and how its requests end with the worker. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
class ServingConfiguration {
    /** Far longer than any step of any engine. */
    private static final Duration ENGINE_SILENCE = Duration.ofMinutes(2);

    @Bean
    SoleAdapter soleAdapter(
            Engine engine,
            AdapterResidency residency,
            CatalogView names,
            Deployment deployment,
            InferenceSettings settings,
            Clock clock,
            Loops loops) {
        return new SoleAdapter(
                engine,
                residency,
                names,
                deployment.base().servedName(),
                settings.adapterTimeout(),
                clock,
                loops);
    }

    @Bean
    ServiceStage merging(SoleAdapter sole, InferenceSettings settings) {
        return ServiceStage.beside(
                () -> {
                    if (settings.mergeSingleAdapter()) {
                        sole.start();
                    }
                },
                sole::close);
    }

    @Bean
    PrefixSharing prefixSharing(
            InferenceSettings settings, Deployment deployment, CatalogView names) {
        return new PrefixSharing(settings.prefixSharing(), deployment.base().servedName(), names);
    }

    @Bean
    ModelTasks modelTasks(Checkpoint checkpoint, ArtifactCache artifacts) throws IOException {
        return new ModelTasks(BasePooling.read(checkpoint.folder()), artifacts);
    }

    @Bean
    RenderThreads renderThreads() {
        return new RenderThreads(RenderThreads.Bounds.ofThisMachine());
    }

    @Bean
    ReplyStyles replyStyles(ReplySettings settings, Tokenizer tokenizer, Clock clock) {
        return new ReplyStyles(settings, tokenizer, clock);
    }

    @Bean
    ChatProfiles chatProfiles(
            TokenizerConfig config,
            GenerationConfig generation,
            Tokenizer tokenizer,
            ArtifactCache store,
            RenderThreads threads,
            ReplyStyles styles) {
        return new ChatProfiles(
                config,
                endTokens(generation, config, tokenizer),
                tokenizer,
                store,
                threads,
                styles);
    }

    private static Set<Integer> endTokens(
            GenerationConfig generation, TokenizerConfig config, Tokenizer tokenizer) {
        Set<Integer> tokens = new HashSet<>(generation.endTokens());
        OptionalInt eos = config.eosToken().map(tokenizer::id).orElse(OptionalInt.empty());
        eos.ifPresent(tokens::add);
        return tokens;
    }

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
    Chats chats(
            ChatProfiles profiles, RenderThreads threads, InferenceSettings settings, Clock clock) {
        return new Chats(profiles, threads, settings.adapterTimeout(), clock);
    }

    @Bean
    ServedModels servedModels(ModelDirectory names, PrefixSharing prefixes, ModelTasks tasks) {
        return new ServedModels(names, prefixes, tasks);
    }

    @Bean
    PromptEncoder promptEncoder(Engine engine, Tokenizer tokenizer) {
        return new PromptEncoder(
                tokenizer, new ContextBudget(engine.description().contextLength()));
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

    @Bean
    Serving servedApi(
            ServedModels models,
            Chats chats,
            PromptEncoder encoder,
            SettingsReader settings,
            Constraints constraints,
            Answers answers) {
        return new Serving(models, chats, encoder, settings, constraints, answers);
    }

    @Bean
    RouterFunction<ServerResponse> workerRoutes(
            Serving serving, EngineBridge bridge, ExposedMetrics metrics) {
        return WorkerRoutes.of(serving, bridge, metrics);
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
    Ending ending(
            SoleAdapter sole,
            EngineWatch watch,
            Engine engine,
            LoadThreads loads,
            RenderThreads renders,
            Constraints constraints) {
        return new Ending(sole, watch, engine, loads, renders, constraints);
    }

    @Bean
    ServiceStage serving(Announced announced, EngineBridge bridge, Ending ending) {
        return announced.whileServing(bridge::requests, ending::run);
    }
}
