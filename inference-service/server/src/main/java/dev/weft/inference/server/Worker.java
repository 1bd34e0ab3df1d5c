package dev.weft.inference.server;

import dev.weft.bounds.memory.MemoryMetrics;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.chat.TokenizerConfig;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.checkpoint.GenerationConfig;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.http.WorkerRoutes;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.metrics.StallMetrics;
import dev.weft.inference.server.metrics.WorkerMetrics;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.models.PrefixSharing;
import dev.weft.inference.server.prompt.ChatProfiles;
import dev.weft.inference.server.prompt.RenderThreads;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.SoleAdapter;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.ArtifactSource;
import dev.weft.inference.server.residency.artifact.ArtifactStore;
import dev.weft.inference.server.residency.artifact.LoadThreads;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.LoopMetrics;
import dev.weft.protocol.loop.Loops;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The parts of a worker, put together: an open engine with the tokenizer, templates and adapters
 * that belong to it. Closing it closes the engine, which ends every answer with an error.
 */
final class Worker implements AutoCloseable {
    /** Far longer than any step of any engine. */
    private static final Duration ENGINE_SILENCE = Duration.ofMinutes(2);

    private final WorkerOptions options;
    private final Engine engine;
    private final LoadThreads loadThreads;
    private final Tokenizer tokenizer;
    private final EngineBridge bridge;
    private final WorkerRoutes.Model model;
    private final SoleAdapter sole;
    private final AdapterResidency residency;
    private final WorkerMetrics metrics;
    private final EngineWatch watch;

    /** What a worker gets from outside: where adapters come from and how they are read. */
    record Surroundings(
            CatalogView names, ArtifactSource artifacts, AdapterReader reader, Loops loops) {}

    private Worker(
            WorkerOptions options,
            Engine engine,
            LoadThreads loadThreads,
            Tokenizer tokenizer,
            EngineBridge bridge,
            WorkerRoutes.Model model,
            SoleAdapter sole,
            AdapterResidency residency,
            WorkerMetrics metrics,
            EngineWatch watch) {
        this.watch = watch;
        this.options = options;
        this.engine = engine;
        this.loadThreads = loadThreads;
        this.tokenizer = tokenizer;
        this.bridge = bridge;
        this.model = model;
        this.sole = sole;
        this.residency = residency;
        this.metrics = metrics;
    }

    /**
     * Puts a worker together; it owns the engine from now on, even if this fails.
     *
     * @param checkpoint folder of the base model
     * @throws IOException if the checkpoint's tokenizer or its configuration can't be read
     */
    static Worker of(WorkerOptions options, Path checkpoint, Engine engine, Surroundings around)
            throws IOException {
        try {
            return assemble(options, checkpoint, engine, around);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private static Worker assemble(
            WorkerOptions options, Path checkpoint, Engine engine, Surroundings around)
            throws IOException {
        Tokenizer tokenizer = Tokenizer.open(checkpoint);
        TokenizerConfig config = TokenizerConfig.read(checkpoint);
        GenerationConfig generation = GenerationConfig.read(checkpoint);
        LoadThreads loadThreads = LoadThreads.start();
        ArtifactStore store =
                new ArtifactStore(
                        options.data().resolve("adapters"),
                        around.artifacts(),
                        around.reader(),
                        loadThreads);
        AdapterResidency residency = new AdapterResidency(engine, store, loadThreads);
        EngineDescription description = engine.description();
        RenderThreads renderThreads = new RenderThreads(RenderThreads.Bounds.ofThisMachine());
        WorkerRoutes.Model model =
                new WorkerRoutes.Model(
                        description,
                        new ModelDirectory(
                                options.servedModelName(),
                                options.checkpoint().toString(),
                                options.clock().instant(),
                                around.names()),
                        new PrefixSharing(
                                options.settings().prefixSharing(),
                                options.servedModelName(),
                                around.names()),
                        new ChatProfiles(
                                config,
                                endTokens(generation, config, tokenizer),
                                tokenizer,
                                store,
                                renderThreads),
                        renderThreads,
                        tokenizer,
                        generation.defaults(),
                        new SecureRandom()::nextLong);
        WorkerMetrics metrics =
                new WorkerMetrics(
                        new WorkerMetrics.Of(
                                engine, residency, around.names(), options.servedModelName()),
                        options.metrics(),
                        options.clock());
        EngineBridge bridge =
                new EngineBridge(
                        engine,
                        residency,
                        tokenizer,
                        ENGINE_SILENCE,
                        metrics.waiting(),
                        metrics.times());
        SoleAdapter sole =
                new SoleAdapter(
                        engine,
                        residency,
                        around.names(),
                        options.settings().adapterTimeout(),
                        options.clock(),
                        around.loops());
        metrics.registry().register(new LoopMetrics(around.loops()));
        metrics.registry().register(new MemoryMetrics(ProcessMemory.ofHeap()));
        EngineWatch watch =
                new EngineWatch(engine, options.settings().stallTimeout(), around.loops());
        metrics.registry().register(new StallMetrics(watch));
        watch.start();
        if (options.settings().mergeSingleAdapter()) {
            sole.start();
        }
        return new Worker(
                options,
                engine,
                loadThreads,
                tokenizer,
                bridge,
                model,
                sole,
                residency,
                metrics,
                watch);
    }

    AdapterResidency residency() {
        return residency;
    }

    /** Requests that have not ended. */
    int requests() {
        return bridge.requests();
    }

    EngineWatch watch() {
        return watch;
    }

    WorkerMetrics metrics() {
        return metrics;
    }

    RouterFunction<ServerResponse> routes(ExposedMetrics exposition) {
        return WorkerRoutes.of(
                model, bridge, options.settings().adapterTimeout(), options.clock(), exposition);
    }

    /** The native tokenizer stays open until {@link #release()}: answers may still be written. */
    @Override
    public void close() {
        sole.close();
        watch.close();
        engine.close();
        loadThreads.close();
        model.threads().close();
    }

    /** Frees what answers need; call it when none is being written any more. */
    void release() {
        bridge.close();
        tokenizer.close();
    }

    private static Set<Integer> endTokens(
            GenerationConfig generation, TokenizerConfig config, Tokenizer tokenizer) {
        Set<Integer> tokens = new HashSet<>(generation.endTokens());
        OptionalInt eos = config.eosToken().map(tokenizer::id).orElse(OptionalInt.empty());
        eos.ifPresent(tokens::add);
        return tokens;
    }
}
